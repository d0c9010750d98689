[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// A child that another test is just starting holds copies of this process' descriptors until its exec, and the kernel counts an O_PATH
// descriptor of a mount as its user: an unmount beside it would be EBUSY.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
