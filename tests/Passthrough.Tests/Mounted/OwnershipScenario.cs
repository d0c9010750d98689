namespace Passthrough.Tests;

/// <summary>Something that a user does in a prepared directory. What is then there must be the same natively and on the mount.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Prepare">A script of root.</param>
/// <param name="User">"uid:gid:group,group": who acts; empty is root.</param>
/// <param name="Act">A script of that user.</param>
internal sealed record OwnershipScenario(string Name, string Prepare, string User, string Act)
{
    private const string Alice = "1001:1001:";
    private const string Bob = "1002:1002:";
    private const string AliceOfStaff = "1001:1001:2001";
    private const string BobOfStaff = "1002:1002:2001";
    private const string Root = "";

    /// <summary>A file capability (cap_net_raw+ep) in the form that every kernel takes.</summary>
    private const string Capability = "0x0100000200200000000000000000000000000000";

    /// <summary>Directories that pass their group on, and no file with the mark.</summary>
    public bool IsAboutMarkedDirectories => Name.StartsWith("marked directory", StringComparison.Ordinal);

    public static IReadOnlyList<OwnershipScenario> All { get; } =
    [
        new("plain creation", "chmod 777 .", Alice, "umask 027; touch f; mkdir d; ln -s f l; mkfifo p"),
        new("creation by root", "", Root, "touch f; mkdir d; ln -s f l; mknod c c 1 3; mknod b b 7 0; mkfifo p"),
        new("creation in a directory of a secondary group", "chgrp 2001 .; chmod 770 .", AliceOfStaff, "touch f; mkdir d; ln -s x l"),
        new("no creation without that group", "chgrp 2001 .; chmod 770 .", Alice, "touch f; mkdir d"),
        new("marked directory: the owner marks it", "mkdir d; chown 1001:2001 d", AliceOfStaff, "chmod g+s d; touch d/f; mkdir d/e; chmod 2700 d; chmod 700 d/e"),
        new("marked directory: outside one's groups", "mkdir d; chown 1001:2001 d; chmod 2775 d", Alice, "chmod 2755 d; chmod g-s d"),
        new("marked directory: root marks it", "mkdir d; chgrp 2001 d", Root, "chmod 2777 d; chmod 0 d; chmod 2000 d; chmod g-s d"),
        new("marked directory: an ACL", "mkdir d; chown 1001:2001 d; chmod 2770 d", AliceOfStaff, "setfacl -m u:1002:rwx d; touch d/f"),
        new("setgid directory, member", "chgrp 2001 .; chmod 2770 .", AliceOfStaff, "touch f; mkdir d; mkdir -m 2770 e; ln -s x l"),
        new("setgid directory, not a member", "chgrp 2001 .; chmod 2777 .", Alice, "touch f; mkdir d; mkdir -m 2755 e"),
        new("setgid directory, root", "chgrp 2001 .; chmod 2777 .", Root, "touch f; mkdir d; install -m 2755 /dev/null g"),
        new("setgid file created by a member", "chgrp 2001 .; chmod 2777 .", AliceOfStaff, "install -m 2755 /dev/null f; ls -l f | cut -c1-10"),
        new("setgid file created by a stranger", "chgrp 2001 .; chmod 2777 .", Alice, "install -m 2755 /dev/null f; ls -l f | cut -c1-10"),
        new("sticky directory, other's file", "chmod 1777 .; touch f; chown 1001:1001 f", Bob, "rm -f f; mv f g"),
        new("sticky directory, own file", "chmod 1777 .; touch f; chown 1001:1001 f", Alice, "mv f g; touch h; rm h"),
        new("sticky directory, owner of the directory", "chmod 1777 .; chown 1002 .; touch f; chown 1001 f", Bob, "rm -f f"),
        new("group-writable file, member", "touch f; chgrp 2001 f; chmod 664 f", BobOfStaff, "echo x >> f; chmod 600 f; touch -d @7 f"),
        new("group-writable file, not a member", "touch f; chgrp 2001 f; chmod 664 f", Bob, "echo x >> f; cat f"),
        new("touch with write permission only", "touch f; chmod 666 f", Bob, "touch f && echo touched; touch -d @7 f"),
        new("unreadable things", "echo x > f; chmod 200 f; mkdir d; touch d/e; chmod 300 d; chown 1001 f d", Alice, "cat f; ls d; cat d/e; echo y > f"),
        new("directory without x", "mkdir d; touch d/e; chmod 644 d; chown 1001 d", Alice, "ls d; cat d/e; stat d/e"),
        new("chown by the owner", "touch f; chown 1001:1001 f", AliceOfStaff, "chgrp 2001 f; chgrp 2002 f; chown 1002 f"),
        new("chown by root clears set-id bits", "touch f; chmod 6755 f; mkdir d; chmod 6755 d", Root, "chown 1001:1001 f d"),
        new("chgrp by the owner clears set-id bits", "touch f; chown 1001:1001 f; chmod 6755 f", AliceOfStaff, "chgrp 2001 f"),
        new("chmod g+s outside one's groups", "touch f; chown 1001:2001 f; mkdir d; chown 1001:2001 d", Alice, "chmod 2755 f; chmod 2755 d"),
        new("chmod g+s inside one's groups", "touch f; chown 1001:2001 f", AliceOfStaff, "chmod 2755 f"),
        new("writing clears set-id bits", "echo x > f; chmod 6777 f; cp f g; chmod 6777 g", Bob, "echo y >> f; truncate -s 1 g"),
        new("truncating open clears set-id bits", "echo x > f; chmod 6777 f", Bob, ": > f"),
        new("fallocate clears set-id bits", "echo x > f; chmod 6777 f", Bob, "fallocate -l 8192 f"),
        new("root's writing keeps set-id bits", "echo x > f; chmod 6777 f; cp f g; chmod 6777 g", Root, "echo y >> f; truncate -s 1 g"),
        new("writing drops file capabilities", $"echo x > f; chmod 777 f; setfattr -n security.capability -v {Capability} f", Bob, "echo y >> f; getfattr -n security.capability f 2>&1 | wc -l"),
        new("chown drops file capabilities", $"echo x > f; setfattr -n security.capability -v {Capability} f", Root, "chown 1001 f; getfattr -n security.capability f 2>&1 | wc -l"),
        new("file capabilities are root's", "touch f; chown 1001 f", Alice, $"setfattr -n security.capability -v {Capability} f"),
        new("user attributes need write permission", "touch f; chmod 644 f", Bob, "setfattr -n user.x -v y f; getfattr -n user.x f"),
        new("trusted attributes are root's", "touch f; setfattr -n trusted.x -v y f", Alice, "getfattr -n trusted.x f; setfattr -n trusted.x -v z f"),
        new("hard link to another's file", "touch f; chmod 644 f; chmod 777 .", Bob, "ln f g"),
        new("hard link to a file one may write", "touch f; chmod 666 f; chmod 777 .", Bob, "ln f g"),
        new("default ACL, file and directory", "setfacl -d -m u:1002:rwx,g:2001:rx,m::rwx .; chmod 777 .", Alice, "umask 077; touch f; mkdir d; mkfifo p; touch d/g"),
        new("no default ACL, umask", "chmod 777 .", Alice, "umask 077; touch f; mkdir d"),
        new("default ACL and O_CREAT mode", "setfacl -d -m u:1002:rwx .; chmod 777 .", Alice, "umask 0; install -m 640 /dev/null f"),
        new("an ACL grants", "echo secret > f; chmod 600 f; setfacl -m u:1002:r f", Bob, "cat f; echo x >> f"),
        new("an ACL denies", "echo open > f; chmod 644 f; setfacl -m u:1002:- f", Bob, "cat f"),
        new("an ACL of a group", "echo secret > f; chmod 600 f; setfacl -m g:2001:rw f", BobOfStaff, "cat f; echo x >> f"),
        new("setfacl by the owner", "touch f; chown 1001:1001 f", Alice, "setfacl -m u:1002:rw f; chmod 600 f; getfacl -cn f"),
        new("setfacl by a stranger", "touch f", Bob, "setfacl -m u:1002:rw f"),
        new("setfacl clears setgid outside one's groups", "touch f; chown 1001:2001 f; chmod 2775 f", Alice, "setfacl -m u:1002:rwx f"),
        new("setfacl clears setgid of root's group", "touch f; chown 1001:0 f; chmod 2775 f", Alice, "setfacl -m u:1002:rwx f"),
        new("setfacl keeps setgid of one's group", "touch f; chown 1001:2001 f; chmod 2775 f", AliceOfStaff, "setfacl -m u:1002:rwx f"),
        new("exchange in foreign directories", "mkdir a b; touch a/f b/g; chown 1001 a; chmod 755 a b", Alice, "mv a/f b/; mv b/g a/; mv a/f a/h"),
        new("a setuid program runs as its owner", "cp /usr/bin/id f; chown 1002:1002 f; chmod 4755 f", Alice, "./f -u; ./f -ru"),
        new("a device node works", "mknod n c 1 3; chmod 666 n", Alice, "echo x > n && cat n | wc -c"),
        new("copying with all attributes", "mkdir d; touch d/f; chown 1001:2001 d/f; chmod 4751 d/f; setfacl -m u:1002:r d/f; setfattr -n user.x -v y d/f", Root, "cp -a d e; getfattr -d e/f"),
    ];
}
