[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Exhausting what a user may have, beside another test of the same user, would exhaust it there.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
