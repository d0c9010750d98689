namespace Ext4.Corpus.Tests;

internal enum Filling
{
    /// <summary>A seeded workload through a mount, unmounted.</summary>
    ByKernel,

    /// <summary>The same, and the image is copied while it is mounted: its journal is full.</summary>
    ByKernelThenCrash,

    /// <summary>By mke2fs -d; compared with a read-only mount.</summary>
    ByTool,

    /// <summary>By mke2fs -d; the kernel here cannot mount it, so what was put in is what is expected.</summary>
    ByToolOnly,
}
