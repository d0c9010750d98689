[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// A child that another test is just starting holds copies of this process' descriptors until its exec: a channel would seem to be open still.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
