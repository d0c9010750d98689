using System.Runtime.CompilerServices;

[assembly: CLSCompliant(false)]
[assembly: InternalsVisibleTo("ServiceHost.Fuse.Tests")]
[assembly: InternalsVisibleTo("grant-probe")]
