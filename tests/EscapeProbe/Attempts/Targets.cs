using System.Globalization;

namespace EscapeProbe;

/// <summary>What the attempts are aimed at, as the options of the mount say it.</summary>
/// <param name="Folder">A directory that anybody may write to, with a file "file" in it that belongs to everybody, too.</param>
/// <param name="Victim">A process that has nothing to do with this one.</param>
internal sealed record Targets(string Folder, int Victim)
{
    public string VictimText => Victim.ToString(CultureInfo.InvariantCulture);

    public string File => Folder + "/file";
}
