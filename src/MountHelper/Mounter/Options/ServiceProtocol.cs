namespace MountHelper;

/// <summary>Which of the two addresses of a type is tried (protocol=auto, own, v1).</summary>
public enum ServiceProtocol
{
    /// <summary>/run/fuservice/TYPE, and /run/filesystems/TYPE when nobody is there.</summary>
    Auto,
    Own,
    V1,
}
