#!/bin/bash
# Mounts a directory through fuservicemount into a contained, unprivileged server.
#
#   sudo ./run.sh                         a sample tree with several owners, on a small ext4 image
#   sudo ./run.sh SRC MNT [-o OPTIONS]    SRC on MNT
#   sudo ./run.sh --stop                  unmounts what run.sh mounted and removes all it set up
#
# The mount stays when run.sh ends. A plain `umount MNT` is enough to end it: when the last mount of run.sh is gone, the socket
# listener, the mount helper links and the files in /var/lib/fuservice-run go with it.
set -euo pipefail
root=$(cd "$(dirname "$0")" && pwd)
self=$root/run.sh
. "$root/eng/common.sh"

type=passthrough
# Root-owned and on a file system without noexec (a clone may belong to an ordinary user, /run is noexec on Debian).
state=/var/lib/fuservice-run
links=("/sbin/mount.fuse.$type" "/sbin/umount.fuse.$type")

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; }

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
  for link in "${links[@]}"; do
    if [ -e "$link" ] && [ "$(readlink "$link")" != "$state/bin/fuservicemount" ]; then
      say "$link is there already and stays as it is"
    else
      ln -sf "$state/bin/fuservicemount" "$link"
    fi
  done
  if ! listener_alive; then
    if systemctl is-active -q "fuservice-$type.socket" 2>/dev/null; then die "the installed fuservice-$type.socket is listening: just mount"; fi
    rm -f "/run/fuservice/$type" "/run/filesystems/$type"
    setsid systemd-socket-activate --seqpacket --accept -l "/run/fuservice/$type" -l "/run/filesystems/$type" \
      "$state/bin/fuservice-$type" --require=plain >"$state/log" 2>&1 </dev/null 9<&- &
    echo $! >"$state/listener"
    local tries=100
    until [ -S "/run/filesystems/$type" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.05; done
    [ -S "/run/fuservice/$type" ] || die "the listener did not start: $(tail -n 1 "$state/log")"
    start_keeper
    say "systemd-socket-activate listens on /run/fuservice/$type, log in $state/log (the package has units, which contain more)"
  else
    say "listening on /run/fuservice/$type already"
  fi
}

# A mount has passthrough when there is somebody to register its files, and works without. Installed keepers do as well as ours.
start_keeper() {
  if systemctl is-active -q fuservice-keeper.socket 2>/dev/null; then return 0; fi
  rm -f /run/fuservice/keeper
  setsid systemd-socket-activate --seqpacket --accept -l /run/fuservice/keeper "$state/bin/fuservice-keeper" >"$state/keeper-log" 2>&1 </dev/null 9<&- &
  echo $! >"$state/keeper"
}

stop_keeper() {
  local pid
  pid=$(cat "$state/keeper" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = systemd-socket- ] || return 0
  kill "$pid" 2>/dev/null || :
  rm -f /run/fuservice/keeper
}

listener_alive() {
  local pid
  pid=$(cat "$state/listener" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = systemd-socket- ]
}

stop_service() {
  local pid link
  if listener_alive; then
    pid=$(cat "$state/listener")
    kill "$pid" 2>/dev/null || :
    rm -f "/run/fuservice/$type" "/run/filesystems/$type"
  fi
  stop_keeper
  for link in "${links[@]}"; do
    [ "$(readlink "$link")" != "$state/bin/fuservicemount" ] || rm -f "$link"
  done
  rm -rf "$state"
  # /run/fuservice/mounts stays until the next boot: its lock file keeps two mounts from sharing ids, and a helper may be waiting for it.
  rmdir /run/filesystems 2>/dev/null || :
}

# The sample tree: an ext4 image on a loop device with files of several owners.
make_sample() {
  local image=$state/sample.img
  truncate -s 64M "$image"
  mkfs.ext4 -q -F "$image"
  mkdir -p "$state/sample" "$state/mnt"
  mount -o loop "$image" "$state/sample"
  (
    cd "$state/sample"
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
}

# The file system itself goes, and with it its loop device, when the server's clones of it are closed: at the end of the server.
drop_sample() {
  local tries=100
  ! mounted "$state/sample" || umount "$state/sample"
  while [ -n "$(losetup -j "$state/sample.img" 2>/dev/null)" ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
  rm -f "$state/sample.img"
}

server_of() {
  # Stage 2 names its mount in the process title.
  local process title
  for process in /proc/[0-9]*; do
    title=$(tr '\0' ' ' 2>/dev/null <"$process/cmdline") || continue
    [[ $title == "fuservice-$type: "*" on $1"* ]] && { basename "$process"; return; }
  done
}

show() {
  local mountpoint=$1 pid
  say "the mount"
  grep -F " $(escape "$mountpoint") " /proc/self/mountinfo
  pid=$(server_of "$mountpoint")
  [ -n "$pid" ] || die "no server process for $mountpoint: see $state/log"
  say "its server: pid $pid, $(tr '\0' ' ' <"/proc/$pid/cmdline")"
  local status=/proc/$pid/status caps names
  echo "uid outside its user namespace: $(awk '/^Uid:/ { print $2 }' "$status")"
  echo "uids inside (inside, outside, count): $(xargs <"/proc/$pid/uid_map")"
  caps=$(awk '/^CapEff:/ { print $2 }' "$status")
  names=$(capsh --decode="$caps")
  echo "CapEff: $caps (${names#*=})"
  echo "  which counts over this tree only: the capabilities are those of its own user namespace"
  echo "NoNewPrivs: $(awk '/^NoNewPrivs:/ { print $2 }' "$status") (1: no exec can ever give it more)"
  if [ "$(readlink "/proc/$pid/ns/user")" = "$(readlink /proc/self/ns/user)" ]; then
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
  [ "$key" != sample ] || drop_sample
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

# Whatever goes wrong from here on, nothing half made stays behind.
abandon() {
  [ -z "$(ls -A "$state/mounts" 2>/dev/null)" ] || return 0
  drop_sample
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
require_packages gcc=gcc systemd-socket-activate=systemd mkfs.ext4=e2fsprogs capsh=libcap2-bin
[ -e /usr/include/stdio.h ] || require_packages /usr/include/stdio.h=libc6-dev
publish_if_stale "$root/out/bin"

if $sample; then
  if [ -e "$state/mounts/sample" ]; then
    say "taking down the sample mount of an earlier run"
    umount "$(cat "$state/mounts/sample")"
    rm -f "$state/mounts/sample"
    drop_sample
  fi
  start_service
  make_sample
  source=$state/sample target=$state/mnt key=sample
else
  [ -d "$target" ] || die "the mountpoint '$target' is not a directory"
  target=$(realpath "$target")
  start_service
  key=$(printf '%s' "$target" | cksum | cut -d' ' -f1)
fi

say "mount -t fuse.$type ${options[*]:+${options[*]} }$source $target"
mount -t "fuse.$type" "${options[@]}" -- "$source" "$target" || exit $?
printf '%s' "$target" >"$state/mounts/$key"
show "$target"
setsid "$self" --watch "$key" "$target" >/dev/null 2>&1 </dev/null 9<&- &
if $sample; then
  say "what is in it (numeric owners)"
  (cd "$target" && find . -path ./lost+found -prune -o -printf '%M %4U %4G %6s %p\n' | sort -k5)
fi
say "mounted. Work in $target; to unmount and clean up: umount $target   (or: ./run.sh --stop)"
