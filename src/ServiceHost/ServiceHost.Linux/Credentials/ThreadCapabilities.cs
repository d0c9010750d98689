using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>The three sets of capget(2) and capset(2), which both work on the calling thread alone.</summary>
internal readonly partial record struct ThreadCapabilities(ulong Effective, ulong Permitted, ulong Inheritable)
{
    private const uint LINUX_CAPABILITY_VERSION_3 = 0x2008_0522;

    internal static unsafe Errno Read(out ThreadCapabilities capabilities)
    {
        Header header = new() { Version = LINUX_CAPABILITY_VERSION_3 };
        Data data = default;
        Errno errno = Errno.Of(capget(&header, &data));
        capabilities = new ThreadCapabilities(
            data.EffectiveLow | ((ulong)data.EffectiveHigh << 32),
            data.PermittedLow | ((ulong)data.PermittedHigh << 32),
            data.InheritableLow | ((ulong)data.InheritableHigh << 32));
        return errno;
    }

    internal unsafe Errno Apply()
    {
        Header header = new() { Version = LINUX_CAPABILITY_VERSION_3 };
        Data data = new()
        {
            EffectiveLow = (uint)Effective,
            PermittedLow = (uint)Permitted,
            InheritableLow = (uint)Inheritable,
            EffectiveHigh = (uint)(Effective >> 32),
            PermittedHigh = (uint)(Permitted >> 32),
            InheritableHigh = (uint)(Inheritable >> 32),
        };
        return Errno.Of(capset(&header, &data));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Version;

        /// <summary>0 is the calling thread.</summary>
        public int Pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Data
    {
        public uint EffectiveLow;
        public uint PermittedLow;
        public uint InheritableLow;
        public uint EffectiveHigh;
        public uint PermittedHigh;
        public uint InheritableHigh;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int capget(Header* header, Data* data);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int capset(Header* header, Data* data);
}
