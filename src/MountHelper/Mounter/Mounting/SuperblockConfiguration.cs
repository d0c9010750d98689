using System.Text;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper.Mounting;

/// <summary>fsconfig(2) of a request, with the kernel's own words when it refuses.</summary>
internal static class SuperblockConfiguration
{
    /// <summary>Null when the superblock exists.</summary>
    internal static GrantRefusal? Apply(Fd context, SuperblockRequest request, Fd fuseDevice)
    {
        Errno errno = Libc.FsconfigString(
            context, CString.FromTerminated("source\0"u8), CString.FromTerminated(CStringBytes(request.Source)));
        if (errno.IsError)
        {
            return Explain(context, "source", errno);
        }

        foreach ((string key, string? value) in SuperblockParameters.Of(request, fuseDevice).Prepend(new("subtype", request.Subtype)))
        {
            CString name = CString.FromTerminated(CString.Allocate(key));
            errno = value is null
                ? Libc.FsconfigFlag(context, name)
                : Libc.FsconfigString(context, name, CString.FromTerminated(CString.Allocate(value)));
            if (errno.IsError)
            {
                return Explain(context, value is null ? key : $"{key}={value}", errno);
            }
        }

        errno = Libc.FsconfigCreate(context);
        return errno.IsError ? ExplainCreate(context, request, errno) : null;
    }

    private static GrantRefusal Explain(Fd context, string option, Errno errno) =>
        new(RefusalKind.UnknownOption, errno, $"the kernel refuses the option {Safe(option)}{KernelWords(context, errno)}");

    private static GrantRefusal ExplainCreate(Fd context, SuperblockRequest request, Errno errno) => new(
        RefusalKind.System, errno,
        $"the kernel refuses to mount {Safe($"{request.FilesystemType}.{request.Subtype}")}{KernelWords(context, errno)}",
        errno == Errno.EBUSY && request.FilesystemType == "fuseblk" ? "the device is mounted or held exclusively" : null);

    private static string KernelWords(Fd context, Errno errno)
    {
        IReadOnlyList<string> lines = FilesystemContextLog.Drain(context);
        return lines.Count == 0 ? $": {errno}" : $": {Safe(string.Join("; ", lines))} ({errno.Name})";
    }

    // The caller's own words come back in the kernel's.
    private static string Safe(string text) => DisplayText.FromBytes(Encoding.UTF8.GetBytes(text));

    private static byte[] CStringBytes(byte[] bytes) => [.. bytes, 0];
}
