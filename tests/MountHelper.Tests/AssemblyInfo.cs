using System.Runtime.Versioning;
using Xunit;

// A case looks at all processes of the machine for what its helper left behind, so cases run one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

[assembly: SupportedOSPlatform("linux")]
