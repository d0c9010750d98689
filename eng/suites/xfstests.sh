#!/bin/bash
# Runs xfstests with FSTYP=fuse over our mounts and compares its failures with the expected ones.
#
#   XFSTESTS=FOLDER eng/suites/xfstests.sh [service|package] [ARGUMENTS OF check...]      default: service -g quick
#
# package is the installed server under its unit, on a booted systemd (lib.sh).
# Expected failures: eng/suites/xfstests.expected, one test a line with its reason; "ext4 too:" says that it fails on ext4 itself as
# well. Tests that cannot run: eng/suites/xfstests.notrun.expected. EXCLUDE names tests to leave out, KEEP_LOG a folder for the logs,
# OPTIONS more mount options (passthrough=never, cache=never ...).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ -x "${XFSTESTS:-}/check" ] || die "set XFSTESTS to the folder of a built xfstests"
XFSTESTS=$(realpath "$XFSTESTS")
export XFSTESTS
enter_namespace "$@"
mode=service
[[ ${1:-} != @(service|package) ]] || { mode=$1 && shift; }

# list HEADING LOG: the tests that the summary names under this heading.
list() { sed -n "s|^$1: *||p" "$2" | tr ' ' '\n' | grep . | sort -u || :; }

# run_on_ext4 TESTS...: those tests on two ext4 file systems; what fails goes to $work/native-failures.
run_on_ext4() (
  for name in test scratch; do
    ! mountpoint -q "$work/mnt-$name" || umount "$work/mnt-$name"
    "$FUSERVICE_BIN/fuservicemount" --wait "$work/$name/tree"
    umount "$work/$name"
  done
  mkfs.ext4 -q -F "$work/test.img"
  mkfs.ext4 -q -F "$work/scratch.img"
  devices=()
  trap '[ ${#devices[@]} = 0 ] || { umount -q "${devices[@]}" || :; losetup --detach "${devices[@]}"; }' EXIT
  for name in test scratch; do devices+=("$(losetup --find --show "$work/$name.img")"); done
  mkdir "$work/results-ext4"
  cd "$XFSTESTS"
  env -u FUSE_SUBTYP -u MOUNT_OPTIONS -u TEST_FS_MOUNT_OPTS FSTYP=ext4 TEST_DEV="${devices[0]}" SCRATCH_DEV="${devices[1]}" \
    RESULT_BASE="$work/results-ext4" ./check "$@" >"$work/log-ext4" 2>&1 || :
  list Failures "$work/log-ext4" >"$work/native-failures"
  [ -n "$(list Ran "$work/log-ext4")" ] || { cat "$work/log-ext4" >&2; die "xfstests did not run on ext4"; }
)

keep_logs() {
  [ -n "${KEEP_LOG:-}" ] || return 0
  cp "$work"/log* "$work"/*.log "$KEEP_LOG/"
  cp -r "$work"/results* "$KEEP_LOG/"
}

make_workspace
chmod 0755 "$work"
make_ext4 test 6G
make_ext4 scratch 6G
# Directories in them: xfstests refuses a TEST_DEV that is a mountpoint itself.
mkdir "$work/test/tree" "$work/scratch/tree" "$work/mnt-test" "$work/mnt-scratch" "$work/results"
if [ "$mode" = package ]; then
  FUSERVICE_BIN=/usr/sbin
  store_set_ids
else
  start_listener
fi

# The users the suite acts as. They exist in this namespace only.
for file in passwd group; do cp "/etc/$file" "$work/$file"; done
id=4000
for user in fsgqa fsgqa2 123456-fsgqa; do
  id=$((id + 1))
  getent passwd "$user" >/dev/null || echo "$user:*:$id:$id::/:/bin/bash" >>"$work/passwd"
  getent group "$user" >/dev/null || echo "$user:*:$id:" >>"$work/group"
done
trap 'umount /etc/passwd /etc/group; drop_workspace' EXIT
for file in passwd group; do mount --bind "$work/$file" "/etc/$file"; done

# xfstests compares the type that df shows with FSTYP and knows no subtypes.
mkdir "$work/bin"
printf '#!/bin/sh\n%s "$@" | sed s/fuse.passthrough/fuse/\n' "$(command -v df)" >"$work/bin/df"
chmod 0755 "$work/bin/df"
export PATH=$work/bin:$PATH

# xfstests unmounts by device and wants a device that is no path: a mount helper of its own gives each directory such a name.
cat >/usr/sbin/mount.fuse.xfstests <<HELPER
#!/bin/sh
case \$1 in
  fuse-test) source=$work/test/tree ;;
  fuse-scratch) source=$work/scratch/tree ;;
esac
target=\$2
name=\$1
shift 2
exec $FUSERVICE_BIN/fuservicemount -t passthrough "\$source" "\$target" "\$@" -o "fsname=\$name"
HELPER
chmod 0755 /usr/sbin/mount.fuse.xfstests
export FSTYP=fuse FUSE_SUBTYP=.xfstests
export TEST_DEV=fuse-test TEST_DIR=$work/mnt-test SCRATCH_DEV=fuse-scratch SCRATCH_MNT=$work/mnt-scratch
options="-o allow_suid,allow_dev${OPTIONS:+,$OPTIONS}"
export MOUNT_OPTIONS=$options TEST_FS_MOUNT_OPTS=$options
export RESULT_BASE=$work/results HOST_OPTIONS=$work/no-such-file
cd "$XFSTESTS"
[ $# -gt 0 ] || set -- -g quick
tr ' ' '\n' <<<"${EXCLUDE:-}" >"$work/exclude"
./check -E "$work/exclude" "$@" >"$work/log" 2>&1 || :
cd /

list Ran "$work/log" >"$work/ran"
list Failures "$work/log" >"$work/failures"
list 'Not run' "$work/log" >"$work/notrun"
echo "xfstests, $mode: $(wc -l <"$work/ran") run, $(comm -23 "$work/ran" <(sort -u "$work/failures" "$work/notrun") | wc -l) passed," \
  "$(wc -l <"$work/failures") failed, $(wc -l <"$work/notrun") not run"
[ -s "$work/ran" ] || { cat "$work/log" >&2; die "xfstests did not run"; }

# What fails is run once more on ext4 itself, in the same namespace: a failure there is the kernel's or the machine's.
: >"$work/native-failures"
if [ -s "$work/failures" ]; then
  mapfile -t failed <"$work/failures"
  run_on_ext4 "${failed[@]}"
  echo "of the failures, these fail on ext4 itself too: $(paste -sd ' ' "$work/native-failures")"
fi
keep_logs

rc=0
compare_failures "$work/failures" "$suites/xfstests.expected" "$work/ran" || rc=1
compare_failures "$work/native-failures" <(grep ' ext4 too: ' "$suites/xfstests.expected") "$work/failures" "on ext4 " || rc=1
compare_notrun "$work/notrun" "$suites/xfstests.notrun.expected" || rc=1
exit $rc
