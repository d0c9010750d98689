using System.Globalization;

namespace EscapeProbe;

/// <summary>What the attempts are aimed at, as the options of the mount say it.</summary>
/// <param name="Folder">A directory that anybody may write to, with a file "file" in it that belongs to everybody, too, and has the attribute user.kept.</param>
/// <param name="Victim">A process that has nothing to do with this one.</param>
internal sealed record Targets(string Folder, int Victim)
{
    /// <summary>A descriptor of the directory that was granted, "tree" in the folder; null when none was.</summary>
    public int? Tree { get; init; }

    /// <summary>Another one, for reading.</summary>
    public int? ReadOnlyTree { get; init; }

    public string VictimText => Victim.ToString(CultureInfo.InvariantCulture);

    public string File => Folder + "/file";
}
