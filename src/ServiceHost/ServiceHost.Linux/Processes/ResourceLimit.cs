namespace ServiceHost.Linux;

/// <summary>One resource limit; <see cref="Unlimited"/> is RLIM_INFINITY.</summary>
public readonly record struct ResourceLimit(ResourceKind Resource, ulong Soft, ulong Hard)
{
    public const ulong Unlimited = ulong.MaxValue;
}
