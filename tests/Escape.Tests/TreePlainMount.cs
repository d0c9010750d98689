namespace Escape.Tests;

/// <summary>The probe with a directory.</summary>
public sealed class TreePlainMount() : PlainMount("battery,tree");
