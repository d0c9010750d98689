#!/bin/bash
# Runs the checks that libfuse's own suite has for its passthrough examples over our mount.
#
#   LIBFUSE=SOURCE LIBFUSE_BUILD=BUILD eng/suites/libfuse-passthrough.sh [native|service|developer] [OPTIONS]
#
# Expected failures: eng/suites/libfuse-passthrough.expected.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ -e "${LIBFUSE:-}/test/cases/lib/checks.py" ] || die "set LIBFUSE to a libfuse source folder (3.19 or later)"
[ -x "${LIBFUSE_BUILD:-}/test/test_syscalls" ] || die "set LIBFUSE_BUILD to its build folder (test/test_syscalls)"
LIBFUSE=$(realpath "$LIBFUSE") LIBFUSE_BUILD=$(realpath "$LIBFUSE_BUILD")
export LIBFUSE LIBFUSE_BUILD FUSE_TEST_BIN_DIR=$LIBFUSE_BUILD/test
enter_namespace "$@"

mode=${1:-service} options=${2-entry_timeout=0,attr_timeout=0}
make_workspace
make_ext4 src 1G
source=$work/src mnt=$work/mnt
mount_mode "$mode" "$source" "$mnt" "$([ "$mode" = native ] || echo "$options")"

passed=0 failed=0
: >"$work/failures"
run() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name" >>"$work/failures"
    echo "not ok $name"
    tail -n 15 "$work/out" | sed 's/^/  /'
  fi
}
check() { run "$1" python3 "$LIBFUSE/test/cases/lib/checks.py" "fuse_test_$1" "${@:2}"; }

check statvfs "$mnt"
check readdir "$source" "$mnt" --inode-check exact
check readdir_big "$source" "$mnt" --inode-check exact
check open_read "$source" "$mnt"
check open_write "$source" "$mnt"
check create "$mnt"
check passthrough "$source" "$mnt" --inode-check exact
check append "$source" "$mnt"
check seek "$source" "$mnt"
check mkdir "$mnt"
check rmdir "$mnt" --src "$source"
check unlink "$mnt" --src "$source"
check symlink "$mnt"
check chown "$mnt"
check utimens "$mnt" --ns-tol 1000
check link "$mnt"
check truncate_path "$mnt"
check truncate_fd "$mnt"
check open_unlink "$mnt"
# Short paths: its socket test binds below the mount.
short=$(mktemp -u /tmp/fuservice-pt.XXXXXX)
ln -s "$mnt" "$short"
run test_syscalls "$LIBFUSE_BUILD/test/test_syscalls" "$short" ":$source"
rm -f "$short"

echo "libfuse's passthrough checks, $mode${options:+ -o $options}: $passed passed, $failed failed"
compare_failures "$work/failures" "$suites/libfuse-passthrough.expected"
