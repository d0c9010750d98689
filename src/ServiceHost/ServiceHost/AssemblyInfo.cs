using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ServiceHost.Tests")]
[assembly: InternalsVisibleTo("grant-probe")]
