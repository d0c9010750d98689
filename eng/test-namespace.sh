#!/bin/bash
# Runs a command inside the mount and pid namespace that test.sh (or a developer) made for it with
#   unshare --mount --propagation private --pid --fork --kill-child --mount-proc eng/test-namespace.sh COMMAND...
# so that tests find an empty /run/fuservice, a utab of their own and mount(8)'s helpers in place, without touching the host's.
set -euo pipefail

[ -n "${FUSERVICE_BIN:-}" ] || { echo "test-namespace.sh: FUSERVICE_BIN must name the folder of the executables" >&2; exit 1; }
if ! mount -t fusectl fusectl /sys/fs/fuse/connections 2>/dev/null; then
  mountpoint -q /sys/fs/fuse/connections || { echo "test-namespace.sh: no fusectl" >&2; exit 1; }
fi

mount -t tmpfs -o mode=0755 fuservice-test /run
mkdir /run/fuservice /run/filesystems /run/mount /run/lock

# mount(8) and umount(8) look for helpers in /sbin only.
helpers=$(mktemp -d)
mount -t tmpfs -o mode=0755 fuservice-test "$helpers"
mkdir "$helpers/upper" "$helpers/work"
sbin=$(realpath /sbin)
mount -t overlay -o "lowerdir=$sbin,upperdir=$helpers/upper,workdir=$helpers/work" fuservice-test "$sbin"
for server in "$FUSERVICE_BIN"/fuservice-*; do
  ln -sf "$FUSERVICE_BIN/fuservicemount" "$sbin/mount.fuse.${server##*/fuservice-}"
  ln -sf "$FUSERVICE_BIN/fuservicemount" "$sbin/umount.fuse.${server##*/fuservice-}"
done
umount -l "$helpers"
rmdir "$helpers"

# A shell starts what it runs in the background with SIGINT ignored, and what ignores a signal lets its children ignore it, too: tests send these.
rc=0
env --default-signal=HUP,INT,QUIT,TERM,PIPE -- "$@" || rc=$?
exit $rc
