namespace ServiceHost.Sandbox;

/// <summary>A property that does not hold, and what was found instead.</summary>
internal sealed record BrokenProperty(ContainmentProperty Property, string Found)
{
    public override string ToString() => $"{Property.Name} ({Found})";
}
