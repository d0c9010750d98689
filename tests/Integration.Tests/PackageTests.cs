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
}
