#!/bin/bash
# Our helper with libfuse's servers, libfuse's helper with ours, and the ways in which mount(8) comes to the helper: six lines, each a mount that is
# used, shown and unmounted.
#
#   LIBFUSE_BUILD=BUILD eng/suites/interop.sh
#
# BUILD is the build folder of a libfuse that has fuservicemount3 and the examples null, service_ll and service_hl (3.19 or later).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ -x "${LIBFUSE_BUILD:-}/util/fuservicemount3" ] || die "set LIBFUSE_BUILD to a libfuse build folder with util/fuservicemount3"
LIBFUSE_BUILD=$(realpath "$LIBFUSE_BUILD")
export LIBFUSE_BUILD
enter_namespace "$@"

make_workspace
make_ext4 backing 64M
source=$work/backing/tree mnt=$work/mnt
mkdir "$source" "$mnt"
echo hello >"$source/file"
chown 1234:567 "$source/file"
truncate -s 8M "$work/disk"
printf 'first words of the disk' | dd of="$work/disk" conv=notrunc status=none
touch "$work/file"
libfuse=(env "LD_LIBRARY_PATH=$LIBFUSE_BUILD/lib")
helper=$FUSERVICE_BIN/fuservicemount
start_listener
for server in null service_ll service_hl; do
  activate "/run/filesystems/$server" -- "${libfuse[@]}" "$LIBFUSE_BUILD/example/$server"
done

# ends MOUNTPOINT: a plain umount is enough.
ends() {
  timeout 30 umount "$1"
  ! mountpoint -q "$1"
}

# What our mount of the directory shows, and that writing arrives.
use_tree() {
  cmp "$source/file" "$mnt/file"
  [ "$(findmnt -n -o FSTYPE "$mnt")" = fuse.passthrough ]
  [ "$(stat -c %u:%g "$mnt/file")" = "$1" ]
}

libfuses_helper() {
  "${libfuse[@]}" "$LIBFUSE_BUILD/util/fuservicemount3" -t passthrough "$source" "$mnt" -o allow_other
  use_tree "$(stat -c %u:%g "$source/file")"
  ends "$mnt"
}

# libfuse's disk examples show their source as one file.
example() {
  "$helper" -t "$1" "$work/disk" "$mnt"
  cmp "$work/disk" "$mnt/single_file"
  ends "$mnt"
}

null() {
  "$helper" -t null none "$work/file"
  [ "$(head -c 4096 "$work/file" | tr -d '\0' | wc -c)" = 0 ]
  [ "$(head -c 4096 "$work/file" | wc -c)" = 4096 ]
  echo swallowed >"$work/file"
  ends "$work/file"
}

by_mount() {
  mount -t fuse.passthrough "$source" "$mnt"
  use_tree 1234:567
  echo through >"$mnt/written"
  [ "$(cat "$source/written")" = through ]
  ends "$mnt"
}

by_fstab() {
  echo "$source $mnt fuse.passthrough defaults 0 0" >"$work/fstab"
  mount --bind "$work/fstab" /etc/fstab
  mount "$mnt"
  use_tree 1234:567
  ends "$mnt"
  umount /etc/fstab
}

failed=0
# show WHAT COMMAND...: in a shell of its own, which ends at the first thing that is not as it should be.
show() {
  local what=$1 rc=0
  shift
  set +e
  (set -ex; "$@") >"$work/out" 2>&1
  rc=$?
  set -e
  if [ $rc = 0 ]; then
    echo "ok $what"
  else
    failed=$((failed + 1))
    echo "not ok $what"
    sed 's/^/  /' "$work/out"
    cat "$work"/*.log
  fi
}
show "libfuse's fuservicemount3 mounts our passthrough" libfuses_helper
show "our helper mounts libfuse's null" null
show "our helper mounts libfuse's service_ll" example service_ll
show "our helper mounts libfuse's service_hl" example service_hl
show "mount -t fuse.passthrough" by_mount
show "a line of fstab" by_fstab
echo "interoperation: $((6 - failed)) of 6"
[ "$failed" = 0 ]
