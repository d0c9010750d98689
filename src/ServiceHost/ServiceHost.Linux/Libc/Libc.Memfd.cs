using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>memfd_create(2) and file seals.</summary>
public static partial class Libc
{
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const uint MFD_NOEXEC_SEAL = 8;
    private const int F_ADD_SEALS = 1033;
    private const int F_GET_SEALS = 1034;

    /// <summary>
    /// An empty memfd that can be sealed and never executed. Kernels before 6.3 do not know MFD_NOEXEC_SEAL and get a plain one.
    /// </summary>
    public static unsafe Errno MemfdCreate(CString name, out OwnedFd fd)
    {
        fd = new OwnedFd();
        fixed (byte* p = name.Terminated)
        {
            int number = memfd_create(p, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
            Errno errno = Errno.Of(number);
            if (errno == Errno.EINVAL)
            {
                number = memfd_create(p, MFD_CLOEXEC | MFD_ALLOW_SEALING);
                errno = Errno.Of(number);
            }

            fd.Set(number);
            return errno;
        }
    }

    /// <summary>fcntl(F_ADD_SEALS).</summary>
    public static Errno AddSeals(Fd fd, FileSeals seals) => Errno.Of(fcntl(fd.Number, F_ADD_SEALS, (nint)seals));

    /// <summary>fcntl(F_GET_SEALS). EINVAL when it is not a file in memory: success proves that reading it waits for nobody.</summary>
    public static Errno GetSeals(Fd fd, out FileSeals seals)
    {
        int result = fcntl(fd.Number, F_GET_SEALS, 0);
        seals = result < 0 ? FileSeals.None : (FileSeals)result;
        return Errno.Of(result);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int memfd_create(byte* name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, nint argument);
}
