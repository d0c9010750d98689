#!/bin/bash
# Sets up what the tests need and runs them. The last line counts them.
#
#   sudo ./test.sh          everything: unit tests, then tests that really mount
#   ./test.sh --unit        only what needs no root
#   CORPUS=DIR ...          ext4 images, one compressed file each, to be tested beside the generated ones
#   sudo ./test.sh --long   also the long modes (1,000,000 fuzz cases, an old kernel in QEMU, ...)
set -uo pipefail
cd "$(dirname "$0")" || exit
. eng/common.sh

unit=false
filter='&Mode!=long'
for argument in "$@"; do
  case $argument in
    --unit) unit=true ;;
    --long)
      export FUSERVICE_LONG=1
      filter=
      ;;
    *) die "unknown argument '$argument' (known: --unit, --long)" ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
require_dotnet
if ! $unit; then
  require_root "$@"
  require_fuse
fi
$unit && packages=(gcc=gcc mkfs.ext4=e2fsprogs bzip2=bzip2) || packages=(
  gcc=gcc bzip2=bzip2 systemd-socket-activate=systemd mkfs.ext4=e2fsprogs setfattr=attr setfacl=acl
  unshare=util-linux losetup=mount setpriv=util-linux ps=procps
  dpkg-buildpackage=dpkg-dev dh=debhelper lintian=lintian man=man-db)
[ -z "${FUSERVICE_LONG:-}" ] || packages+=(qemu-system-x86_64=qemu-system-x86 busybox=busybox-static cpio=cpio)
[ -e /usr/include/linux/fuse.h ] || packages+=(/usr/include/linux/fuse.h=libc6-dev)
[ "$(id -u)" != 0 ] || require_packages "${packages[@]}"

say "building"
log=$(mktemp)
dotnet build ServiceHost.sln -v quiet -nologo >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; die "the build failed"; }
rm -f "$log"
if ! $unit; then
  publish_if_stale "$PWD/out/bin" || die "publishing failed"
  export FUSERVICE_BIN=$PWD/out/bin
  package_if_stale "$FUSERVICE_BIN" "$PWD/out/deb" || die "the Debian package cannot be built"
  export FUSERVICE_DEB
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# run_tests NAME COMMAND...: runs one project and adds its counts; a runner that dies without a summary is a failure.
run_tests() {
  local name=$1 summary
  shift
  say "$name"
  "$@" 2>&1 | tee "$work/log" | grep -vE '^(Test run for|A total of|Starting test execution|VSTest version|No test matches|$)'
  summary=$(grep -E '^(Passed|Failed|Skipped)! +- +Failed:' "$work/log" | tail -n 1)
  if [ -z "$summary" ]; then
    if grep -q 'No test matches the given testcase filter' "$work/log"; then return; fi
    echo "$name: the test runner ended without a summary" >&2
    failed=$((failed + 1))
    return
  fi
  failed=$((failed + $(sed -E 's/.*Failed: +([0-9]+).*/\1/' <<<"$summary")))
  passed=$((passed + $(sed -E 's/.*Passed: +([0-9]+).*/\1/' <<<"$summary")))
  skipped=$((skipped + $(sed -E 's/.*Skipped: +([0-9]+).*/\1/' <<<"$summary")))
}

# Everything that mounts runs in its own mount and pid namespace: what a dying test leaves behind dies with it, and the host's
# /run/fuservice, utab and mount helpers are never touched. eng/test-namespace.sh prepares the inside.
contained() {
  unshare --mount --propagation private --pid --fork --kill-child --mount-proc eng/test-namespace.sh "$@"
}

# What must not have grown by the end. (Other users of the machine may take things of their own away meanwhile.)
snapshot() {
  {
    losetup -a
    awk '{ print "mounted: " $5 }' /proc/self/mountinfo
    find /tmp /var/tmp /dev/shm /run -maxdepth 1 -name '*fuservice*' 2>/dev/null
    find /sys/fs/cgroup -maxdepth 2 -name '*fuservice*' 2>/dev/null
    pgrep -af 'fuservice-[a-z]+(: |$)|systemd-socket-activate'
  } | sort
}

$unit || snapshot >"$work/before"
for project in tests/*.Tests; do
  name=$(basename "$project")
  run_tests "$name" dotnet test "$project" --no-build --nologo --filter "Needs!=root$filter"
  $unit || run_tests "$name (real mounts, as root)" contained dotnet test "$project" --no-build --nologo --filter "Needs=root$filter"
done

if ! $unit; then
  snapshot >"$work/after"
  comm -13 "$work/before" "$work/after" >"$work/left"
  if [ -s "$work/left" ]; then
    echo "the tests left something behind (mounts, loop devices, processes or files):" >&2
    cat "$work/left" >&2
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
fi

[ -d "${CORPUS:-}" ] || echo "without a corpus of images (CORPUS= names its directory): ext4 was tested with generated images only"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
