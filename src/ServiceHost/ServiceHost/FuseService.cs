using ServiceHost.Linux;
using ServiceHost.Options;
using ServiceHost.Sandbox;

namespace ServiceHost;

/// <summary>
/// What the author of a server writes beside the filesystem itself. Main is
/// <c>return ServiceRunner.Run(args, new MyService());</c>
/// </summary>
public abstract class FuseService
{
    /// <summary>The type in <c>mount -t fuse.TYPE</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Further types under which the service may be asked for (ext2 and ext3 for ext4).</summary>
    public virtual IReadOnlyList<string> Aliases => [];

    public abstract string Version { get; }

    /// <summary>One line for --help.</summary>
    public abstract string Description { get; }

    /// <summary>The options of this service. The runner adds those that every service has, see <see cref="CommonOptions"/>.</summary>
    public abstract MountOptionTable Options { get; }

    internal MountOptionTable AllOptions => Options.With(CommonOptions.Table);

    /// <summary>
    /// The roles wanted for a mount with these options. Called in stage 1, which reads no byte of what it is granted.
    /// </summary>
    public virtual IReadOnlyList<ServiceRole> GetRoles(MountOptions options) => [ServiceRole.SourceDirectory];

    /// <summary>
    /// Whether files of what is served can stand behind files of the mount. Then the Mounter starts a keeper, which registers them for a server
    /// that has no right to.
    /// </summary>
    public virtual bool UsesBackingFiles => false;

    /// <summary>
    /// The system calls that serving needs, on top of what every server needs. Called in stage 2; all others are refused from then on,
    /// before the first byte of what was granted is read. By default those of a server that has descriptors and no directory.
    /// </summary>
    public virtual IEnumerable<SystemCallRule> GetSystemCalls(ServiceContext context) => ImageSystemCalls.Rules;

    /// <summary>
    /// Called once in stage 2, with all rights already given up. A <see cref="ServiceException"/> is a refusal with its reason.
    /// </summary>
    public abstract FuseMountPlan CreateMount(ServiceContext context);
}
