[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Passthrough.Tests")]
