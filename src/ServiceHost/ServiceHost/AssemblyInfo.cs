using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ServiceHost.Tests")]
