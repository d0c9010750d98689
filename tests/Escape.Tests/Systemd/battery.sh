# shellcheck shell=bash
# Sourced by the scripts beside it, which run under eng/systemd-namespace.sh: mounts the probe as "type" with the options "battery", and shows
# what it says, each file below its name.
set -euo pipefail
: "${type:?}" "${battery:?}"

# Who mounts and looks: root, unless the caller of this has defined another.
[ "$(type -t as_caller)" = function ] || as_caller() { "$@"; }
folder=/run/escape mountpoint=/run/probe
mkdir -m 0777 "$folder"
mkdir "$mountpoint"
chown "$(as_caller id -u)" "$mountpoint"
mount -t tmpfs -o mode=0777 escape "$folder"
install -m 0666 /dev/null "$folder/file"
setfattr -n user.kept -v x "$folder/file"
mkdir "$folder/tree"
touch "$folder/tree/root-file" "$folder/tree/user-file"
chown 1000:1000 "$folder/tree/user-file"
ln -s "$folder/file" "$folder/tree/link"
mknod -m 666 "$folder/tree/device" b 7 0
sleep infinity &
victim=$!
echo "== mount"
as_caller fuservicemount -v -t "$type" "$folder/tree" "$mountpoint" -o "$battery,folder=$folder,victim=$victim" 2>&1
for file in main pool finalizer worker descriptors threads memory hello; do
  echo "== $file"
  as_caller cat "$mountpoint/$file"
done
umount "$mountpoint"
kill "$victim"
echo "== end"
