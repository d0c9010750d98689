namespace ServiceHost.MountProtocol;

public enum SourceAccess : uint
{
    Read = 0,

    /// <summary>Reading and writing if the mount may write.</summary>
    ReadWrite = 1,
}
