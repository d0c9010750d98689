namespace MountHelper.FuserviceMount;

internal static class HelpText
{
    public const string Text = """
        usage: fuservicemount -t TYPE [SOURCE] MOUNTPOINT [-o OPTIONS] [-frnsvw] [-N NAMESPACE]
               fuservicemount -t TYPE --check
               fuservicemount [-t TYPE] --unmount MOUNTPOINT [-flnrv] [-N NAMESPACE]
               fuservicemount --unmount-unit UNIT
               fuservicemount --attest MOUNTPOINT
               fuservicemount --wait SOURCE [-o mount_timeout=SECONDS]
               mount.fuse.TYPE SOURCE MOUNTPOINT ...    as mount(8) calls it
               umount.fuse.TYPE MOUNTPOINT ...          as umount(8) calls it

        Mounts a filesystem whose server runs as a contained service. SOURCE is a directory, an image file or a block device, and
        "none" where there is none.

          --check     succeeds when a service of TYPE listens; starts nothing
          --unmount   unmounts; -f aborts a hung server, -l detaches, -r makes it read-only when it is busy
          --unmount-unit
                      unmounts what the server of a systemd unit serves, as stopping the unit does; detaches it when it is busy
          --attest    looks at the processes that serve a mount from outside and says how well they are contained; fails when that
                      is less than the policy requires
          --wait      waits until the server of SOURCE has ended and SOURCE can be used again (30 s, see mount_timeout)
          -f          only say whether it could be mounted
          -n          leave no entry for umount(8)
          -s          let the server pass over options that it does not know
          -v          say what is being done
          -r, -w      read-only, read-write
          -N          a process id or a file: the mount namespace to mount in

        Options of the kernel: ro rw nosuid suid nodev dev noexec exec nosymfollow noatime relatime strictatime nodiratime sync
          dirsync lazytime. Without suid and dev a mount is nosuid,nodev; mount(8) keeps these two to itself: through it, write
          allow_suid and allow_dev.
        Options of this program:
          noallow_other           only root may look (root's mounts are allow_other,default_permissions)
          allow_other             also for a mount that is not root's
          fsname=NAME             what stands in mountinfo instead of SOURCE
          subtype=TYPE            what stands in mountinfo instead of TYPE
          mount_timeout=SECONDS   how long the server may take to mount (30)
          idmap=LO-HI             make ids above 65535 known in the mount; may be repeated
          idmap=off               grant a directory that cannot be id-mapped, with the rights of nobody
          passthrough_files=N     how many files the kernel may serve without the server at a time (65536)
          writeback_throttle=off  the kernel may collect as many writes of this mount as of any disk
          protocol=own|v1|auto    which of the two service addresses is used
          remount                 change ro, rw and other flags of a mount that is there, and nothing else
        nofail, user, _netdev, x-* and the like are passed over. All other options are the server's (try -o help).

        Exit codes: 0 done, 1 usage or permission, 4 internal error, 8 interrupted, 32 failed.
        """;
}
