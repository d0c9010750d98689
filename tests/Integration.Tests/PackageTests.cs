using Integration.Tests.Support;

namespace Integration.Tests;

/// <summary>The Debian package as a file. What it does on a machine is looked at in <see cref="SystemdTests"/>.</summary>
[Trait("Needs", "root")]
public sealed class PackageTests
{
    [Fact]
    public void Nothing_in_it_is_setuid_setgid_or_writable_for_others()
    {
        string deb = Environment.GetEnvironmentVariable("FUSERVICE_DEB") ?? throw new InvalidOperationException("FUSERVICE_DEB is not set.");
        string[] entries = Shell.Must("dpkg-deb", "--contents", deb).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(entries, entry => entry.EndsWith(" ./usr/sbin/mount.fuse.passthrough -> fuservicemount", StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.Matches("^(l|[d-]rw[x-]r-[x-]r-[x-] root/root )", entry));
    }

    /// <summary>Every program and every unit that there is, and a page for each of them: a list that somebody forgot a new one in would not show it.</summary>
    [Fact]
    public void Everything_in_the_tree_is_in_it_with_its_manual_page()
    {
        string deb = Environment.GetEnvironmentVariable("FUSERVICE_DEB") ?? throw new InvalidOperationException("FUSERVICE_DEB is not set.");
        string contents = Shell.Must("dpkg-deb", "--contents", deb);
        string[] units = [.. Directory.GetFiles(Checkout.Root + "/deploy/systemd").Select(Path.GetFileName).Where(static name => !IsText(name!))!];
        Assert.All(units, unit => Assert.Contains($" ./lib/systemd/system/{unit}\n", contents, StringComparison.Ordinal));
        foreach (string page in Directory.GetFiles(Checkout.Root + "/deploy/man").Select(Path.GetFileName)!)
        {
            Assert.Contains($" ./usr/share/man/man{page[^1]}/{page}.gz\n", contents, StringComparison.Ordinal);
        }

        foreach (string service in units.Where(static unit => unit.EndsWith("@.service", StringComparison.Ordinal)))
        {
            string program = service[..service.IndexOf('@', StringComparison.Ordinal)];
            Assert.Contains($" ./usr/lib/fuservice/{program}\n", contents, StringComparison.Ordinal);
            Assert.Contains($" ./usr/share/man/man8/{program}.8.gz\n", contents, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Mode", "long")]
    public void Two_builds_in_two_folders_are_the_same_bytes() => Assert.Single(
        Shell.Run(TimeSpan.FromMinutes(20), "/bin/bash", "-euo", "pipefail", "-c", $"""
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT
            unset FUSERVICE_BIN
            for folder in one another/and/deeper; do
              mkdir -p "$work/$folder"
              (cd {Checkout.Root} && git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --create) | tar --extract --directory="$work/$folder"
              "$work/$folder/eng/package.sh" "$work/$folder/deb" >/dev/null
              sha256sum <"$work/$folder"/deb/*.deb
            done
            """).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());

    private static bool IsText(string name) => Path.GetExtension(name) is ".md" or ".conf";
}
