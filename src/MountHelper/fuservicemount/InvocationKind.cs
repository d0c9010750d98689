namespace MountHelper.FuserviceMount;

internal enum InvocationKind
{
    Mount,
    Unmount,
    Check,
    Wait,
    Help,
    Version,
}
