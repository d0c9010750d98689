#!/bin/bash
# Boots a real systemd in namespaces of its own over a throw-away overlay of /, with the product installed, and runs a script in it.
#
#   FUSERVICE_DEB=FILE    eng/systemd-namespace.sh SCRIPT [FSTAB]        the Debian package
#   FUSERVICE_BIN=FOLDER  eng/systemd-namespace.sh SCRIPT [FSTAB]        what eng/install.sh lays out, with the tests' probe if it is there
#
# SCRIPT (which finds its folder as /ci/scripts) runs as a unit after basic.target; its exit status is this command's. FSTAB lines are there before systemd starts; folders below
# /ci can be their mountpoints. What the script prints goes to stdout, and after it, until systemd has ended, what systemd prints on its
# console. FUSERVICE_MINUTES is how long the script may take (9). Needs root and a systemd of 252 or later; nothing on the host is changed.
set -euo pipefail

die() { echo "systemd-namespace.sh: $*" >&2; exit 1; }

if [ "${FUSERVICE_SYSTEMD_STAGE:-}" != inside ]; then
  if [ $# -lt 1 ] || [ -z "${FUSERVICE_BIN:-}${FUSERVICE_DEB:-}" ]; then
    die "usage: FUSERVICE_DEB=FILE (or FUSERVICE_BIN=FOLDER) systemd-namespace.sh SCRIPT [FSTAB]"
  fi
  [ "$(id -u)" = 0 ] || die "must be run as root"
  [ -x /lib/systemd/systemd ] || die "systemd is missing (package systemd)"
  work=$(mktemp -d "${TMPDIR:-/var/tmp}/fuservice-systemd.XXXXXX")
  cgroup2=$(awk '$(NF-2) == "cgroup2" { print $5; exit }' /proc/self/mountinfo)
  [ -n "$cgroup2" ] || die "no cgroup2 hierarchy is mounted"
  cgroup=$cgroup2/$(basename "$work")${FUSERVICE_RUN:+.$FUSERVICE_RUN}
  mkdir "$cgroup"
  # systemd makes cgroups of its own below ours; they go from the leaves up, each when the last of its processes is gone.
  # shellcheck disable=SC2317
  drop() {
    local tries=300
    until find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || [ ! -d "$cgroup" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.1; done
    rm -rf "$work"
  }
  trap drop EXIT
  rc=0
  export FUSERVICE_SYSTEMD_STAGE=inside FUSERVICE_SYSTEMD_WORK=$work FUSERVICE_REPOSITORY
  FUSERVICE_REPOSITORY=$(cd "$(dirname "$0")/.." && pwd)
  export self script fstab=${2:-} cgroup work FUSERVICE_MINUTES=${FUSERVICE_MINUTES:-9}
  self=$(realpath "$0") script=$(realpath "$1")
  # systemd writes to its console only when it is a terminal; script(1) makes one. It is not the controlling one of anything in there.
  # shellcheck disable=SC2016
  script --quiet --flush --return --command '
    echo $$ >"$cgroup/cgroup.procs" &&
      exec timeout --signal=KILL $((FUSERVICE_MINUTES + 1))m setsid --wait unshare --fork --pid --kill-child --mount --cgroup --ipc --uts "$self" "$script" "$fstab" 2>"$work/preparation"' \
    "$work/console.log" </dev/null >/dev/null 2>&1 || rc=$?
  cat "$work/output" 2>/dev/null || { cat "$work/preparation" "$work/console.log" >&2; die "systemd did not come up"; }
  echo "-- console --"
  sed '/^Script \(started\|done\) on /d; s/\r*$//; s/.*\r//' "$work/console.log"
  exit $rc
fi

script=$1 fstab=$2 work=$FUSERVICE_SYSTEMD_WORK
mount --make-rprivate /
mkdir "$work/layers"
mount -t tmpfs -o mode=0755 layers "$work/layers"
mkdir "$work/layers/upper" "$work/layers/work" "$work/layers/root"
root=$work/layers/root
mount -t overlay -o "lowerdir=/,upperdir=$work/layers/upper,workdir=$work/layers/work" overlay "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
[ ! -d /sys/fs/fuse/connections ] || mount -t fusectl fusectl "$root/sys/fs/fuse/connections"
mount -t tmpfs -o mode=0755 dev "$root/dev"
for node in null zero full random urandom tty fuse autofs loop-control; do
  [ ! -e "/dev/$node" ] || cp -a "/dev/$node" "$root/dev/$node"
done
# The kernel makes as many as are asked for; nothing makes their nodes here.
for number in {0..127}; do mknod -m 0660 "$root/dev/loop$number" b 7 "$number"; done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
touch "$root/dev/console"
mount --bind "$(readlink /proc/self/fd/0)" "$root/dev/console"
for directory in run tmp dev/shm; do
  mount -t tmpfs -o mode=0755 tmpfs "$root/$directory"
done
chmod 1777 "$root/tmp"
# All else is in memory, where large images have no place.
mkdir -m 1777 "$work/images"
mount --bind "$work/images" "$root/var/tmp"

echo uninitialized >"$root/etc/machine-id"
: >"$root/etc/fstab"
[ -z "$fstab" ] || printf '%s\n' "$fstab" >"$root/etc/fstab"
units=$root/etc/systemd/system
mkdir "$root/ci"
if [ -n "${FUSERVICE_DEB:-}" ]; then
  cp "$FUSERVICE_DEB" "$root/ci/fuservicehost.deb"
  # The index of the manual pages is not what is installed here, and takes longer than all the rest.
  echo 'man-db man-db/auto-update boolean false' | chroot "$root" debconf-set-selections
  chroot "$root" dpkg --install /ci/fuservicehost.deb
  # Of container images, where nothing may be started; in here there is a systemd.
  rm -f "$root/usr/sbin/policy-rc.d"
else
  "$FUSERVICE_REPOSITORY/eng/install.sh" "$FUSERVICE_BIN" "$root" "$FUSERVICE_REPOSITORY/tests/EscapeProbe/systemd"
  systemd-sysusers --root="$root" "$root/usr/lib/sysusers.d/fuservicehost.conf"
  mkdir -p "$units/local-fs-pre.target.wants"
  for socket in "$root"/lib/systemd/system/fuservice-*.socket; do
    ln -sf "/lib/systemd/system/$(basename "$socket")" "$units/local-fs-pre.target.wants/"
  done
fi
ln -sf /dev/null "$units/systemd-firstboot.service"
ln -sf /dev/null "$units/systemd-udevd.service"
ln -sf /dev/null "$units/systemd-resolved.service"
ln -sf /dev/null "$units/getty.target"
# A boot that fails shall say why and end, not wait for somebody at the console.
cat >"$units/emergency.service" <<'E2'
[Unit]
DefaultDependencies=no
SuccessAction=exit-force
FailureAction=exit-force
SuccessActionExitStatus=1
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'echo "the boot failed:"; systemctl list-units --all --no-legend "*mount" "fuservice*"; journalctl --no-pager --boot | tail -n 40'
StandardOutput=append:/ci/output
E2
touch "$work/output" "$root/ci/output"
mount --bind "$work/output" "$root/ci/output"
mkdir "$root/ci/scripts"
mount --bind "$(dirname "$script")" "$root/ci/scripts"
mkdir -p "$root/mnt/test"
cat >"$units/ci.target" <<'E2'
[Unit]
Requires=basic.target ci.service
After=basic.target
AllowIsolate=yes
E2
cat >"$units/ci.service" <<E2
[Unit]
Requires=basic.target
After=basic.target local-fs.target
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
ExecStart=/bin/bash /ci/scripts/$(basename "$script")
StandardOutput=append:/ci/output
StandardError=append:/ci/output
# As in a shell: what writes into a pipe that nobody reads ends.
IgnoreSIGPIPE=no
TimeoutStartSec=${FUSERVICE_MINUTES}min
E2
mkdir "$root/run/old"
cd "$root"
pivot_root . run/old
umount -l /run/old
# As on a machine, where systemd does this itself: what is unmounted here goes away in the namespaces of services, too.
mount --make-rshared /
exec env -i container=fuservice-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=ci.target --log-target=console --show-status=no
