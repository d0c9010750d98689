namespace ServiceHost.Diagnostics;

/// <summary>The syslog levels that are used; the number is what stands between the brackets of an sd-daemon(3) prefix.</summary>
public enum LogLevel
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
    Debug = 7,
}
