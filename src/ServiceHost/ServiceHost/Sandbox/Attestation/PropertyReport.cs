namespace ServiceHost.Sandbox;

/// <summary>How a check tells what it found.</summary>
internal delegate void PropertyReport(ContainmentProperty property, bool holds, string found);
