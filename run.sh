#!/bin/bash
# Mounts a disk image (ext2, ext3, ext4), a block device or a directory through a contained, unprivileged server.
#
#   sudo ./run.sh disk.img MNT [-o OPTIONS]   the filesystem in disk.img on MNT, read-only
#   sudo ./run.sh                             the same with a sample image that it makes first
#   sudo ./run.sh DIR MNT [-o OPTIONS]        the directory DIR once more on MNT
#   sudo ./run.sh --stop                      unmounts what run.sh mounted and removes all it set up
#
# The mount stays when run.sh ends. A plain `umount MNT` is enough to end it: when the last mount of run.sh is gone, the socket
# listener, the mount helper links and the files in /var/lib/fuservice-run go with it.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
self=$root/run.sh
. "$root/eng/common.sh"

types="ext4 passthrough"
# Root-owned and on a file system without noexec (a clone may belong to an ordinary user, /run is noexec on Debian).
state=/var/lib/fuservice-run

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0"; }

mounted() { awk -v m="$1" '$5 == m { found = 1 } END { exit !found }' /proc/self/mountinfo; }

# In mountinfo and in our state, blanks in paths are written as octal.
escape() { sed 's/\\/\\134/g; s/ /\\040/g; s/\t/\\011/g' <<<"$1"; }

start_service() {
  mkdir -p "$state/mounts" /run/fuservice /run/filesystems
  chmod 0755 "$state"
  local program link
  for program in fuservicemount "fuservice-$type" fuservice-keeper; do
    cmp -s "$root/out/bin/$program" "$state/bin/$program" || install -D -m 0755 -t "$state/bin" "$root/out/bin/$program"
  done
  for link in "/sbin/mount.fuse.$type" "/sbin/umount.fuse.$type"; do
    if [ -e "$link" ] && [ "$(readlink "$link")" != "$state/bin/fuservicemount" ]; then
      say "$link is there already and stays as it is"
    else
      ln -sf "$state/bin/fuservicemount" "$link"
    fi
  done
  if [ "$type" = passthrough ]; then start_keeper; fi
  if listener_alive "$type"; then
    say "listening on /run/fuservice/$type already"
    return 0
  fi
  if systemctl is-active -q "fuservice-$type.socket" 2>/dev/null; then die "the installed fuservice-$type.socket is listening: just mount"; fi
  rm -f "/run/fuservice/$type" "/run/filesystems/$type"
  setsid systemd-socket-activate --seqpacket --accept -l "/run/fuservice/$type" -l "/run/filesystems/$type" \
    "$state/bin/fuservice-$type" --require=plain >"$state/log.$type" 2>&1 </dev/null 9<&- &
  echo $! >"$state/listener.$type"
  local tries=100
  until [ -S "/run/filesystems/$type" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.05; done
  [ -S "/run/fuservice/$type" ] || die "the listener did not start: $(tail -n 1 "$state/log.$type")"
  say "systemd-socket-activate listens on /run/fuservice/$type, log in $state/log.$type (the package has units, which contain more)"
}

# A mount has passthrough when there is somebody to register its files, and works without. Installed keepers do as well as ours.
start_keeper() {
  if keeper_alive || systemctl is-active -q fuservice-keeper.socket 2>/dev/null; then return 0; fi
  rm -f /run/fuservice/keeper
  setsid systemd-socket-activate --seqpacket --accept -l /run/fuservice/keeper "$state/bin/fuservice-keeper" >"$state/keeper-log" 2>&1 </dev/null 9<&- &
  echo $! >"$state/keeper"
}

stop_keeper() {
  if keeper_alive; then
    kill "$(cat "$state/keeper")" 2>/dev/null || :
    rm -f /run/fuservice/keeper
  fi
}

keeper_alive() {
  local pid
  pid=$(cat "$state/keeper" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = systemd-socket- ]
}

listener_alive() {
  local pid
  pid=$(cat "$state/listener.$1" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = systemd-socket- ]
}

stop_service() {
  local each link
  for each in $types; do
    if listener_alive "$each"; then
      kill "$(cat "$state/listener.$each")" 2>/dev/null || :
      rm -f "/run/fuservice/$each" "/run/filesystems/$each"
    fi
    for link in "/sbin/mount.fuse.$each" "/sbin/umount.fuse.$each"; do
      [ "$(readlink "$link")" != "$state/bin/fuservicemount" ] || rm -f "$link"
    done
  done
  stop_keeper
  rm -rf "$state"
  # /run/fuservice/mounts stays until the next boot: its lock file keeps two mounts from sharing ids, and a helper may be waiting for it.
  rmdir /run/filesystems 2>/dev/null || :
}

# The sample image. mke2fs fills it by itself: the kernel never sees what is in it, neither here nor later.
make_sample() {
  local tree=$state/sample user output
  mkdir -p "$tree" "$state/mnt"
  (
    cd "$tree"
    mkdir -m 0755 home
    mkdir -m 1777 tmp
    for user in 1000 1001; do
      mkdir -m 0750 "home/$user"
      echo "a note of user $user" >"home/$user/note"
      chmod 0640 "home/$user/note"
      chown -R "$user:$user" "home/$user"
    done
    mkdir shared && chgrp 1000 shared && chmod 2775 shared
    echo 'read me' >README
    ln -s README link
    ln README hard
  )
  output=$(mke2fs -q -F -t ext4 -d "$tree" "$state/sample.img" 64M 2>&1) || die "cannot make the sample image: $(tail -n 1 <<<"$output")"
  debugfs -w -R 'ea_set README user.comment sample' "$state/sample.img" 2>/dev/null
  rm -rf "$tree"
}

server_of() {
  # Stage 2 names its mount in the process title.
  local process title type=$2
  for process in /proc/[0-9]*; do
    title=$(tr '\0' ' ' 2>/dev/null <"$process/cmdline") || continue
    [[ $title == "fuservice-$type: "*" on $1"* ]] && { basename "$process"; return; }
  done
}

show() {
  local mountpoint=$1 type=$2 pid
  say "the mount"
  grep -F " $(escape "$mountpoint") " /proc/self/mountinfo
  pid=$(server_of "$mountpoint" "$type")
  [ -n "$pid" ] || die "no server process for $mountpoint: see $state/log.$type"
  say "its server: pid $pid, $(tr '\0' ' ' <"/proc/$pid/cmdline")"
  local status=/proc/$pid/status caps names
  echo "uid outside its user namespace: $(awk '/^Uid:/ { print $2 }' "$status")"
  echo "uids inside (inside, outside, count): $(xargs <"/proc/$pid/uid_map")"
  caps=$(awk '/^CapEff:/ { print $2 }' "$status")
  names=$(capsh --decode="$caps")
  if [ "$caps" = 0000000000000000 ]; then
    echo "CapEff: none"
  else
    echo "CapEff: $caps (${names#*=})"
    echo "  which counts over this tree only: the capabilities are those of its own user namespace"
  fi
  echo "Seccomp: $(awk '/^Seccomp:/ { print $2 }' "$status") (2: a list of system calls, all others are refused)"
  echo "NoNewPrivs: $(awk '/^NoNewPrivs:/ { print $2 }' "$status") (1: no exec can ever give it more)"
  if [ "$type" = ext4 ]; then
    echo "it was given the opened image and nothing else: no path, no device, no network"
  elif [ "$(readlink "/proc/$pid/ns/user")" = "$(readlink /proc/self/ns/user)" ]; then
    echo "WARNING: the server shares the user namespace of this shell"
  else
    echo "user namespace: its own; outside it the process has no capability at all"
  fi
}

# --watch: waits until the mount is gone (a killed server leaves a dead mount, which still has to be unmounted), then cleans up.
watch_mount() {
  while mounted "$(escape "$2")"; do
    findmnt --poll=umount --first-only --timeout 5000 "$2" >/dev/null || :
  done
  exec "$self" --ended "$1"
}

end_mount() {
  local key=$1
  [ -e "$state/mounts/$key" ] || return 0
  # The watcher of an earlier run may come late: what is mounted there now belongs to a later run, which has a watcher of its own.
  ! mounted "$(escape "$(cat "$state/mounts/$key")")" || return 0
  rm -f "$state/mounts/$key"
  [ "$key" != sample ] || rm -f "$state/sample.img"
  [ -n "$(ls -A "$state/mounts")" ] || stop_service
}

stop_all() {
  local entry key mountpoint
  [ -d "$state/mounts" ] || { stop_service; return 0; }
  for entry in "$state/mounts"/*; do
    [ -e "$entry" ] || continue
    key=$(basename "$entry")
    mountpoint=$(cat "$entry")
    if mounted "$(escape "$mountpoint")"; then umount "$mountpoint" || die "cannot unmount $mountpoint (is somebody working in it?)"; fi
    end_mount "$key"
  done
  [ ! -d "$state" ] || stop_service
}

case ${1:-} in
  -h|--help) usage; exit 0 ;;
esac
require_root "$@"
[ "${1:-}" != --watch ] || watch_mount "$2" "$3"
# One run.sh at a time; the script itself is the lock file.
exec 9<"$self"
flock 9

case ${1:-} in
  --stop) stop_all; say "stopped: nothing of run.sh is mounted, listening or installed any more"; exit 0 ;;
  --ended) end_mount "$2"; exit 0 ;;
  -*) die "unknown argument '$1' (try --help)" ;;
esac

sample=false options=()
case $# in
  0) sample=true ;;
  2) source=$1 target=$2 ;;
  4) source=$1 target=$2; [ "$3" = -o ] || die "expected -o, got '$3'"; options=(-o "$4") ;;
  *) usage >&2; exit 1 ;;
esac
type=ext4
if ! $sample; then
  [ -e "$source" ] || die "there is no '$source'"
  [ -d "$target" ] || die "the mountpoint '$target' is not a directory"
  [ ! -d "$source" ] || type=passthrough
fi

# Whatever goes wrong from here on, nothing half made stays behind.
abandon() {
  [ -z "$(ls -A "$state/mounts" 2>/dev/null)" ] || return 0
  stop_service
}
leave() {
  local rc=$?
  [ $rc = 0 ] || abandon
  exit $rc
}
trap leave EXIT

require_fuse
require_dotnet
require_packages gcc=gcc systemd-socket-activate=systemd mke2fs=e2fsprogs capsh=libcap2-bin
[ -e /usr/include/stdio.h ] || require_packages /usr/include/stdio.h=libc6-dev
publish_if_stale "$root/out/bin"

if $sample; then
  if [ -e "$state/mounts/sample" ]; then
    say "taking down the sample mount of an earlier run"
    umount "$(cat "$state/mounts/sample")"
    rm -f "$state/mounts/sample" "$state/sample.img"
  fi
  start_service
  make_sample
  source=$state/sample.img target=$state/mnt key=sample
else
  target=$(realpath "$target")
  start_service
  key=$(printf '%s' "$target" | cksum | cut -d' ' -f1)
fi

[ "$type" != ext4 ] || options=(-o "ro${options[1]:+,${options[1]}}")
say "mount -t fuse.$type ${options[*]:+${options[*]} }$source $target"
mount -t "fuse.$type" "${options[@]}" -- "$source" "$target" || exit $?
printf '%s' "$target" >"$state/mounts/$key"
show "$target" "$type"
setsid "$self" --watch "$key" "$target" >/dev/null 2>&1 </dev/null 9<&- &
if $sample; then
  say "what is in it (numeric owners)"
  (cd "$target" && find . -path ./lost+found -prune -o -printf '%M %4U %4G %6s %p\n' | sort -k5)
fi
say "mounted. Work in $target; to unmount and clean up: umount $target   (or: ./run.sh --stop)"
