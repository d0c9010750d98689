using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>
/// What stage 2 may use at most, whatever a unit says. These stop a server that was made to run away; how much a well-behaved one
/// gets is the unit's business.
/// </summary>
internal static class StageOneLimits
{
    public const ulong OpenFiles = 524_288;

    /// <summary>64 workers, the runtime's own, and room. RLIMIT_NPROC counts threads of the uid, which is this mount's alone.</summary>
    public const ulong Threads = 256;

    /// <summary>Where the uid is shared, because no grant brought one, the others count, too.</summary>
    public const ulong ThreadsOfSharedUid = 4096;

    /// <summary>RLIMIT_DATA: private writable memory, stacks of threads included.</summary>
    public const ulong Data = 8UL << 30;

    /// <summary>Never more than the limits that are in force already.</summary>
    public static List<ResourceLimit> Make(bool hasUidOfItsOwn)
    {
        // A core would have user data in it.
        List<ResourceLimit> limits = [new ResourceLimit(ResourceKind.CoreSize, 0, 0)];
        Lower(limits, ResourceKind.ProcessCount, hasUidOfItsOwn ? Threads : ThreadsOfSharedUid);
        Lower(limits, ResourceKind.Data, Data);
        if (Libc.GetLimit(ResourceKind.OpenFiles, out ResourceLimit files).IsOk)
        {
            // A tree is walked with as many descriptors as the unit allows.
            ulong soft = Math.Max(files.Soft, Math.Min(files.Hard, OpenFiles));
            limits.Add(new ResourceLimit(ResourceKind.OpenFiles, soft, files.Hard));
        }

        return limits;
    }

    private static void Lower(List<ResourceLimit> limits, ResourceKind resource, ulong most)
    {
        if (Libc.GetLimit(resource, out ResourceLimit present).IsOk)
        {
            ulong hard = Math.Min(present.Hard, most);
            limits.Add(new ResourceLimit(resource, Math.Min(present.Soft, hard), hard));
        }
    }
}
