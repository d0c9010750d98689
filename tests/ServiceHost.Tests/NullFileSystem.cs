using ServiceHost.Fuse;

namespace ServiceHost.Tests;

internal sealed class NullFileSystem : FuseFileSystem;
