namespace MountHelper.FuserviceMount;

internal enum InvocationKind
{
    Mount,
    Unmount,
    Check,
    Wait,
    UnmountUnit,
    Help,
    Version,
}
