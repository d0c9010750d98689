namespace Grants.Tests;

/// <summary>
/// The strongest hostile server there is: root's, with the seven capabilities, running an attacker instead of our code. Everything here holds
/// by construction (ids, clones, capabilities); no filter and no empty root directory is involved yet. So what any local user may read
/// natively, it may read as well.
/// </summary>
[Trait("Needs", "root")]
public sealed class TakenOverServerTests(GrantProbeProgram probe) : IClassFixture<GrantProbeProgram>
{
    [Fact]
    public void It_reaches_nothing_outside_its_tree_and_no_other_process()
    {
        using Scratch scratch = new();
        ProbeResult attack = Attack(scratch, "root");
        AssertResults(attack, ExpectedOfRoots());
    }

    /// <summary>
    /// The server of user 1000's mount: that uid inside its namespace and no capability. In its tree it may what the user may natively, and nothing
    /// that needs to be root there.
    /// </summary>
    [Fact]
    public void A_users_server_has_less_and_in_its_tree_only_what_the_user_has()
    {
        using Scratch scratch = new();
        Dictionary<string, string> expected = ExpectedOfRoots();
        expected["read-own-file"] = "OK";
        expected["setuid-file"] = "EPERM";

        // The directory is root's: not even the permission to write there comes before the question what may be made.
        expected["make-device"] = "EACCES";
        AssertResults(Attack(scratch, "user"), expected);
    }

    private static void AssertResults(ProbeResult attack, Dictionary<string, string> expected) => Assert.Equal(
        expected.OrderBy(static e => e.Key).Select(static e => $"{e.Key}: {e.Value}"),
        expected.Keys.Order().Select(attempt => $"{attempt}: {attack[attempt]}"));

    private static Dictionary<string, string> ExpectedOfRoots()
    {
        Dictionary<string, string> expected = new()
        {
            // Files of root and of owners that it may change inside its tree, but elsewhere; another mount; the registry.
            ["read-root-secret"] = "EACCES",
            ["read-user-secret"] = "EACCES",
            ["write-user-file"] = "EACCES",
            ["create-beside"] = "EACCES",
            ["chmod-user-file"] = "EPERM",
            ["enter-other-mount"] = "EACCES",
            ["registry"] = "EACCES",

            // Its tree ends where the grant ends, and each clone is what it was made.
            ["dot-dot"] = "stays",
            ["read-own-file"] = "OK",
            ["link-out"] = "EACCES",
            ["write-read-only"] = "EROFS",
            ["reopen-for-writing"] = "EROFS",
            ["create-read-only"] = "EROFS",
            ["link-in"] = "EXDEV",
            ["rename-out"] = "EXDEV",
            ["make-device"] = "EPERM",
            ["open-device"] = "EACCES",
            ["trusted-xattr"] = "EPERM",
            ["read-outsider"] = "EACCES",

            // Nothing gives it more than it has.
            ["new-user-namespace"] = "ENOSPC",
            ["new-mount-namespace"] = "EPERM",
            ["host-uid"] = "EINVAL",
            ["first-namespace"] = "EINVAL",
            ["clone-mount"] = "EPERM",
            ["clone-root"] = "EPERM",
            ["make-writable"] = "EPERM",
            ["make-suid"] = "EPERM",
            ["open-by-handle"] = "EPERM",
        };
        foreach (string process in (string[])["victim", "stage-1", "init"])
        {
            foreach (string what in (string[])["mem", "environ", "fds", "root", "namespace"])
            {
                expected[$"{process}-{what}"] = "EACCES";
            }

            expected[$"{process}-ptrace"] = "EPERM";
            expected[$"{process}-kill"] = "EPERM";
        }

        return expected;
    }

    /// <summary>
    /// What the grant alone does not keep it from: S_ISUID on a file of its tree. The mount is nosuid, the native path is not; the server
    /// refuses it, and a filter has to hold a server that does not.
    /// </summary>
    [Fact]
    public void A_setuid_bit_on_the_native_path_is_not_kept_off_by_the_grant_alone()
    {
        using Scratch scratch = new();
        Assert.Equal("OK", Attack(scratch, "root")["setuid-file"]);
    }

    private ProbeResult Attack(Scratch scratch, string caller)
    {
        string top = scratch.Mount("top", "-t", "tmpfs", "-o", "mode=0755", "none");
        Scratch.Run("chmod", "755", scratch.Path);
        Scratch.Run("sh", "-ec", """
            cd "$1"
            mkdir tree other outside outside/mount
            for f in outside/root-secret outside/user-secret outside/user-readable tree/user-file tree/root-file tree/outsider-file; do
                echo secret >$f
                chmod 600 $f
            done
            chown 1000:1000 outside/user-* tree/user-file
            chmod 644 outside/user-readable
            chown 70000:70000 tree/outsider-file
            ln -s "$1/outside/root-secret" tree/link-to-secret
            mknod -m 666 tree/device b 7 0
            mkdir -p -m 755 /run/fuservice
            mkdir -p -m 700 /run/fuservice/mounts
            """, "sh", top);
        scratch.Mount("top/outside/mount", "-t", "tmpfs", "-o", "mode=0700", "none");
        ProbeResult attack = probe.Run("attack", caller, top + "/tree", top + "/other", top + "/outside");
        Assert.Equal("exit code 0", attack["ended"]);
        return attack;
    }
}
