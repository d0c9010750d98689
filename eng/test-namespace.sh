#!/bin/bash
# Runs a command inside the mount and pid namespace that test.sh (or a developer) made for it with
#   unshare --mount --propagation private --pid --fork --kill-child --mount-proc eng/test-namespace.sh COMMAND...
# so that tests find an empty /run/fuservice, a utab of their own and mount(8)'s helpers in place, without touching the host's. Afterwards nothing
# of the product may run in here, and nothing be mounted that was not there before.
set -euo pipefail
# shellcheck source=eng/leftovers.sh
. "$(dirname "$0")/leftovers.sh"

[ -n "${FUSERVICE_BIN:-}" ] || { echo "test-namespace.sh: FUSERVICE_BIN must name the folder of the executables" >&2; exit 1; }
if ! mount -t fusectl fusectl /sys/fs/fuse/connections 2>/dev/null; then
  mountpoint -q /sys/fs/fuse/connections || { echo "test-namespace.sh: no fusectl" >&2; exit 1; }
fi

mount -t tmpfs -o mode=0755 fuservice-test /run
mkdir /run/fuservice /run/filesystems /run/mount /run/lock

# cover FOLDER: what is written there from here on goes when the namespace does.
cover() {
  local layers folder
  folder=$(realpath "$1")
  layers=$(mktemp -d)
  mount -t tmpfs -o mode=0755 fuservice-test "$layers"
  mkdir "$layers/upper" "$layers/work"
  mount -t overlay -o "lowerdir=$folder,upperdir=$layers/upper,workdir=$layers/work" fuservice-test "$folder"
  umount -l "$layers"
  rmdir "$layers"
}

# mount(8) and umount(8) look for helpers in /sbin only; run.sh keeps its state in /var/lib.
cover /sbin
cover /var/lib
mount -t tmpfs -o mode=1777 fuservice-test /dev/shm
sbin=$(realpath /sbin)
for server in "$FUSERVICE_BIN"/fuservice-*; do
  [ "${server##*/}" != fuservice-keeper ] || continue
  ln -sf "$FUSERVICE_BIN/fuservicemount" "$sbin/mount.fuse.${server##*/fuservice-}"
  ln -sf "$FUSERVICE_BIN/fuservicemount" "$sbin/umount.fuse.${server##*/fuservice-}"
done

mountpoints() { awk '{ print "mounted: " $5 }' /proc/self/mountinfo | sort; }
before=$(mountpoints)

# shellcheck disable=SC2317
leftovers() {
  local process program
  comm -13 <(echo "$before") <(mountpoints)
  find /dev/shm -mindepth 1
  for process in /proc/[0-9]*; do
    program=$(readlink "$process/exe") || continue
    case $program in
      "$FUSERVICE_BIN"/* | /var/lib/fuservice-run/* | */out/*/grant-probe | */out/*/fuservice-probe | */systemd-socket-activate)
        echo "process ${process#/proc/}: $(tr '\0' ' ' <"$process/cmdline")" ;;
    esac
  done
}

# A shell starts what it runs in the background with SIGINT ignored, and what ignores a signal lets its children ignore it, too: tests send these.
rc=0
env --default-signal=HUP,INT,QUIT,TERM,PIPE -- "$@" || rc=$?
nothing_left leftovers || [ $rc != 0 ] || rc=1
exit $rc
