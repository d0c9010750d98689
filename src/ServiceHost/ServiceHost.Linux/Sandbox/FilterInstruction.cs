using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>One instruction of classic BPF (struct sock_filter): what it does, two jump distances, one constant.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FilterInstruction(ushort Code, byte JumpIfTrue, byte JumpIfFalse, uint Constant);
