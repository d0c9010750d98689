using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>struct open_how of openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct OpenHow(OpenFlags flags, uint mode, ResolveFlags resolve)
{
    private const ulong O_CLOEXEC = 0x8_0000;

    public readonly ulong Flags = (ulong)flags | O_CLOEXEC;
    public readonly ulong Mode = mode;
    public readonly ulong Resolve = (ulong)resolve;
}
