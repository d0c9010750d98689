using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// The calls behind <see cref="ThreadCredentials"/>. setfsuid and setfsgid are per thread by nature; setgroups goes by its number, because the
/// C library's function changes every thread of the process.
/// </summary>
internal static partial class CredentialCalls
{
    /// <summary>Not an id anybody can have: setfsuid changes nothing and tells the present one.</summary>
    private const uint NoId = uint.MaxValue;

    internal static uint FilesystemUid => setfsuid(NoId);

    internal static uint FilesystemGid => setfsgid(NoId);

    /// <summary>setfsuid(2) reports nothing: not a missing right, not an unmapped id. Only reading back tells.</summary>
    internal static bool TrySetUid(uint uid)
    {
        _ = setfsuid(uid);
        return uid != NoId && FilesystemUid == uid;
    }

    internal static bool TrySetGid(uint gid)
    {
        if (gid == NoId)
        {
            return false;
        }

        _ = setfsgid(gid);
        return FilesystemGid == gid;
    }

    internal static unsafe Errno SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* g = groups)
        {
            return Errno.Of(SystemCall.Call(SystemCallNumber.Setgroups, groups.Length, (nint)g));
        }
    }

    internal static unsafe Errno GetGroups(out uint[] groups)
    {
        groups = [];
        int count = getgroups(0, null);
        if (count <= 0)
        {
            return Errno.Of(count);
        }

        groups = new uint[count];
        fixed (uint* g = groups)
        {
            return Errno.Of(getgroups(count, g));
        }
    }

    [LibraryImport("libc")]
    private static partial uint setfsuid(uint uid);

    [LibraryImport("libc")]
    private static partial uint setfsgid(uint gid);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int getgroups(int size, uint* groups);
}
