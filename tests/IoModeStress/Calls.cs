using System.Runtime.InteropServices;
using System.Text;

namespace IoModeStress;

/// <summary>
/// System calls with their raw results. What is mapped is touched by read(2) and write(2) only, which answer EFAULT where a file was
/// cut short, instead of a signal that ends the process.
/// </summary>
internal static class Calls
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_CLOEXEC = 0x80000;
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_SHARED = 1;
    public const int MAP_PRIVATE = 2;

    public static byte[] Path(string text) => Encoding.UTF8.GetBytes(text + '\0');

    public static int Errno(long result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    [DllImport("libc", SetLastError = true)]
    public static extern int open(byte[] path, int flags, uint mode);

    [DllImport("libc", SetLastError = true)]
    public static extern int close(int fd);

    [DllImport("libc", SetLastError = true)]
    public static extern nint pread(int fd, byte[] data, nint length, long offset);

    [DllImport("libc", SetLastError = true)]
    public static extern nint pwrite(int fd, byte[] data, nint length, long offset);

    [DllImport("libc", SetLastError = true)]
    public static extern nint read(int fd, nint address, nint length);

    [DllImport("libc", SetLastError = true)]
    public static extern nint write(int fd, nint address, nint length);

    [DllImport("libc", SetLastError = true)]
    public static extern nint mmap(nint address, nint length, int protection, int flags, int fd, long offset);

    [DllImport("libc", SetLastError = true)]
    public static extern int munmap(nint address, nint length);

    [DllImport("libc", SetLastError = true)]
    public static extern int chmod(byte[] path, uint mode);

    [DllImport("libc", SetLastError = true)]
    public static extern int truncate(byte[] path, long size);

    [DllImport("libc", SetLastError = true)]
    public static extern int ftruncate(int fd, long size);

    [DllImport("libc", SetLastError = true)]
    public static extern int fallocate(int fd, int mode, long offset, long length);

    [DllImport("libc", SetLastError = true)]
    public static extern int fsync(int fd);

    [DllImport("libc", SetLastError = true)]
    public static extern int unlink(byte[] path);

    [DllImport("libc", SetLastError = true)]
    public static extern int rename(byte[] from, byte[] to);

    [DllImport("libc", SetLastError = true)]
    public static extern int link(byte[] from, byte[] to);

    [DllImport("libc", SetLastError = true)]
    public static extern nint copy_file_range(int from, nint fromOffset, int to, nint toOffset, nint length, uint flags);
}
