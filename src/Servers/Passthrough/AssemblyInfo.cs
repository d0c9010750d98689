[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Passthrough.Tests")]

// The tests' taken-over server runs under the filter of this one.
[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("fuservice-probe")]
