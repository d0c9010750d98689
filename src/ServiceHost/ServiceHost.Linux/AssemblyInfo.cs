using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]
[assembly: CLSCompliant(false)]
