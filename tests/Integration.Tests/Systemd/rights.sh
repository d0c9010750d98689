# Owners, set-ID bits, capabilities and device nodes of a mount, as the flags of the mount say: root's, root's with allow_suid and allow_dev, and a user's.
. "$(dirname "$0")/lib.sh"
useradd --no-create-home --shell /bin/sh alice
make_source /ci/source
chmod 0777 /ci/source
mkdir /ci/mnt
as() { setpriv --reuid="$1" --regid="$1" --init-groups sh -euc "$2"; }

# What whoever made an image could have put there: a setuid-root program, one with a capability, and the machine's memory.
cp "$(command -v id)" /ci/source/setuid && chmod 4755 /ci/source/setuid
cp "$(command -v grep)" /ci/source/capable && setcap cap_net_raw=ep /ci/source/capable
mknod -m 0666 /ci/source/null c 1 3
run_as_root() { as alice "$1/setuid -u" | grep -qx 0; }
capability_of() { as alice "$1/capable ^CapEff: /proc/self/status" | cut -f 2; }
none=0000000000000000 net_raw=0000000000002000

mount -t fuse.passthrough /ci/source /ci/mnt
grep -q ' /ci/mnt [^ ]*nosuid,nodev' /proc/1/mountinfo || fail "not nosuid,nodev by default"
! run_as_root /ci/mnt || fail "a setuid file of the source was honoured"
[ "$(capability_of /ci/mnt)" = "$none" ] || fail "a file capability of the source was honoured: $(capability_of /ci/mnt)"
! cat /ci/mnt/null 2>/run/error || fail "a device node of the source was honoured"
touch /ci/mnt/of-root
as alice 'umask 027; touch /ci/mnt/of-alice; mkdir /ci/mnt/folder-of-alice; ln -s x /ci/mnt/link-of-alice'
owners=$(stat -c '%n %U:%G %a' /ci/source/of-root /ci/source/of-alice /ci/source/folder-of-alice | sed 's|.*/||' | xargs)
[ "$owners" = "of-root root:root 644 of-alice alice:alice 640 folder-of-alice alice:alice 750" ] || fail "on disk: $owners"
[ "$(stat -c %U /ci/source/link-of-alice)" = alice ] || fail "a symbolic link of alice's belongs to another"
! chmod u+s /ci/mnt/of-root 2>/dev/null || fail "a setuid file was made without allow_suid"
! setcap cap_net_raw=ep /ci/mnt/of-root 2>/dev/null || fail "a file capability was set without allow_suid"
! mknod /ci/mnt/device c 1 3 2>/dev/null || fail "a device node was made"
[ "$(stat -c %a /ci/source/of-root)" = 644 ] || fail "chmod failed and did it"
umount /ci/mnt
eventually no_server
ok "root's mount: the owners on disk are the callers; nothing setuid, no capability, no device, neither honoured nor made"

mount -t fuse.passthrough -o allow_suid,allow_dev /ci/source /ci/mnt 2>/run/error
grep -q 'RestrictSUIDSGID' /run/error || fail "nobody says that set-ID files cannot be made: $(cat /run/error)"
! grep -q ' /ci/mnt [^ ]*\(nosuid\|nodev\)' /proc/1/mountinfo || fail "nosuid or nodev with allow_suid,allow_dev"
run_as_root /ci/mnt || fail "allow_suid: a setuid file is not honoured"
[ "$(capability_of /ci/mnt)" = "$net_raw" ] || fail "allow_suid: a file capability is not honoured: $(capability_of /ci/mnt)"
as alice 'echo x >/ci/mnt/null' || fail "allow_dev: a device node is not honoured"
! chmod u+s /ci/mnt/of-root 2>/dev/null || fail "the unit lets a setuid file be made"
umount /ci/mnt
eventually no_server
ok "allow_suid,allow_dev: all three honoured; made are none, and that is said"

mkdir -p /etc/systemd/system/fuservice-passthrough@.service.d
cp /usr/share/doc/fuservicehost/examples/make-setuid.conf /etc/systemd/system/fuservice-passthrough@.service.d/
systemctl daemon-reload
mount -t fuse.passthrough -o allow_suid /ci/source /ci/mnt 2>/run/error
[ ! -s /run/error ] || fail "with the drop-in: $(cat /run/error)"
chmod 6755 /ci/mnt/of-root
setcap cap_net_raw=ep /ci/mnt/of-alice
mkdir /ci/mnt/shared && chmod 2775 /ci/mnt/shared
[ "$(stat -c %a /ci/source/of-root /ci/source/shared | xargs)" = "6755 2775" ] || fail "on disk: $(stat -c %a /ci/source/of-root /ci/source/shared | xargs)"
[ "$(getcap /ci/source/of-alice)" = "/ci/source/of-alice cap_net_raw=ep" ] || fail "on disk: $(getcap /ci/source/of-alice)"
umount /ci/mnt
mount -t fuse.passthrough /ci/source /ci/mnt
! chmod u+s /ci/mnt/of-root 2>/dev/null || fail "with the drop-in, a setuid file is made without allow_suid"
umount /ci/mnt
eventually no_server
ok "with make-setuid.conf set-ID files, directories and capabilities are stored, under allow_suid only"

# A user's mount of a tree that root has put such things into.
make_source /home/alice
chown alice: /home/alice
as alice 'mkdir /home/alice/source /home/alice/mnt'
cp -a /ci/source/setuid /ci/source/capable /ci/source/null /home/alice/source/
as alice 'mount -t fuse.passthrough /home/alice/source /home/alice/mnt'
grep -q ' /home/alice/mnt [^ ]*nosuid,nodev' /proc/1/mountinfo || fail "a user's mount is not nosuid,nodev"
! run_as_root /home/alice/mnt || fail "a user's mount: a setuid file was honoured"
[ "$(capability_of /home/alice/mnt)" = "$none" ] || fail "a user's mount: a file capability was honoured"
! as alice 'cat /home/alice/mnt/null' 2>/dev/null || fail "a user's mount: a device node was honoured"
! as alice 'mknod /home/alice/mnt/device c 1 3' 2>/dev/null || fail "a user made a device node"
! as alice 'cp /bin/true /home/alice/mnt/mine; chmod u+s /home/alice/mnt/mine' 2>/dev/null || fail "a user's server made a setuid file"
as alice 'mkfifo /home/alice/mnt/fifo; touch /home/alice/mnt/file; chmod 0600 /home/alice/mnt/file'
[ "$(stat -c '%U:%G %a' /home/alice/source/mine /home/alice/source/file | xargs)" = "alice:alice 755 alice:alice 600" ] ||
  fail "on disk: $(stat -c '%U:%G %a' /home/alice/source/mine /home/alice/source/file | xargs)"
[ "$(stat -c '%U %F' /home/alice/source/fifo)" = "alice fifo" ] || fail "a fifo of alice's"
! as alice 'mount -t fuse.passthrough -o allow_suid,allow_dev /home/alice/source /home/alice/mnt' 2>/run/error || fail "a user mounted with allow_suid"
as alice 'umount /home/alice/mnt'
eventually no_server
ok "a user's mount: his own files, nothing honoured, nothing made; allow_suid: $(cat /run/error)"
nothing_failed
