namespace MountHelper.FuserviceMount;

internal enum InvocationKind
{
    Mount,
    Unmount,
    Check,
    Wait,
    UnmountUnit,
    Attest,
    Help,
    Version,
}
