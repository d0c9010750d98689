#!/bin/bash
# Runs xfstests with FSTYP=fuse over our mounts and compares its failures with the expected ones.
#
#   XFSTESTS=FOLDER eng/suites/xfstests.sh [ARGUMENTS OF check...]      default: -g quick
#
# Expected failures: eng/suites/xfstests.expected, one test a line with its reason. EXCLUDE names tests to leave out.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ -x "${XFSTESTS:-}/check" ] || die "set XFSTESTS to the folder of a built xfstests"
XFSTESTS=$(realpath "$XFSTESTS")
export XFSTESTS
enter_namespace "$@"

make_workspace
chmod 0755 "$work"
make_ext4 test 6G
make_ext4 scratch 6G
# Directories in them: xfstests refuses a TEST_DEV that is a mountpoint itself.
mkdir "$work/test/tree" "$work/scratch/tree" "$work/mnt-test" "$work/mnt-scratch" "$work/results"
start_listener

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
export MOUNT_OPTIONS="-o allow_suid,allow_dev" TEST_FS_MOUNT_OPTS="-o allow_suid,allow_dev"
export RESULT_BASE=$work/results HOST_OPTIONS=$work/no-such-file
cd "$XFSTESTS"
[ $# -gt 0 ] || set -- -g quick
tr ' ' '\n' <<<"${EXCLUDE:-}" >"$work/exclude"
./check -E "$work/exclude" "$@" >"$work/log" 2>&1 || :
cd /

list() { sed -n "s|^$1: *||p" "$work/log" | tr ' ' '\n' | grep . | sort -u || :; }
list Ran >"$work/ran"
list Failures >"$work/failures"
list 'Not run' >"$work/notrun"
echo "xfstests: $(wc -l <"$work/ran") run, $(comm -23 "$work/ran" <(sort -u "$work/failures" "$work/notrun") | wc -l) passed," \
  "$(wc -l <"$work/failures") failed, $(wc -l <"$work/notrun") not run"
if [ -n "${KEEP_LOG:-}" ]; then
  cp "$work/log" "$KEEP_LOG/xfstests.log"
  cp -r "$work/results" "$KEEP_LOG/xfstests-results"
fi
[ -s "$work/ran" ] || { cat "$work/log" >&2; die "xfstests did not run"; }
compare_failures "$work/failures" "$suites/xfstests.expected"
