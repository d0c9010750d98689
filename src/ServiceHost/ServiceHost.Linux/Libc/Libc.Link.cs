using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>Names in directories: making, linking, renaming, removing.</summary>
public static partial class Libc
{
    /// <summary>mkdirat(2).</summary>
    public static unsafe Errno Mkdirat(Fd directory, CString name, uint mode)
    {
        fixed (byte* n = name.Terminated)
        {
            return Errno.Of(mkdirat(directory.Number, n, mode));
        }
    }

    /// <summary>mknodat(2); <paramref name="device"/> is in glibc's 64-bit encoding (see <see cref="DeviceNumber"/>).</summary>
    public static unsafe Errno Mknodat(Fd directory, CString name, uint mode, ulong device)
    {
        fixed (byte* n = name.Terminated)
        {
            return Errno.Of(mknodat(directory.Number, n, mode, device));
        }
    }

    /// <summary>symlinkat(2).</summary>
    public static unsafe Errno Symlinkat(CString target, Fd directory, CString name)
    {
        fixed (byte* t = target.Terminated, n = name.Terminated)
        {
            return Errno.Of(symlinkat(t, directory.Number, n));
        }
    }

    /// <summary>readlinkat(2): no NUL; a result as long as the buffer may be cut. An empty path reads the O_PATH descriptor's own link.</summary>
    public static unsafe Errno Readlinkat(Fd directory, CString name, Span<byte> target, out int length)
    {
        nint result;
        fixed (byte* n = name.Terminated, t = target)
        {
            result = readlinkat(directory.Number, n, t, (nuint)target.Length);
        }

        length = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }

    /// <summary>linkat(2).</summary>
    public static unsafe Errno Linkat(Fd oldDirectory, CString oldName, Fd newDirectory, CString newName, AtFlags flags)
    {
        fixed (byte* o = oldName.Terminated, n = newName.Terminated)
        {
            return Errno.Of(linkat(oldDirectory.Number, o, newDirectory.Number, n, (int)flags));
        }
    }

    /// <summary>
    /// renameat2(2) by its number: the C library turns flags 0 into renameat, a second syscall that a filter would have to allow.
    /// </summary>
    public static unsafe Errno Renameat2(Fd oldDirectory, CString oldName, Fd newDirectory, CString newName, RenameFlags flags)
    {
        fixed (byte* o = oldName.Terminated, n = newName.Terminated)
        {
            return Errno.Of(
                SystemCall.Call(
                    SystemCallNumber.Renameat2, oldDirectory.Number, (nint)o, newDirectory.Number, (nint)n, (nint)(uint)flags));
        }
    }

    /// <summary>unlinkat(2); RemoveDirectory makes it rmdir.</summary>
    public static unsafe Errno Unlinkat(Fd directory, CString name, AtFlags flags)
    {
        fixed (byte* n = name.Terminated)
        {
            return Errno.Of(unlinkat(directory.Number, n, (int)flags));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int mkdirat(int directory, byte* name, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int mknodat(int directory, byte* name, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int symlinkat(byte* target, int directory, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint readlinkat(int directory, byte* name, byte* target, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int linkat(int oldDirectory, byte* oldName, int newDirectory, byte* newName, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int unlinkat(int directory, byte* name, int flags);
}
