#!/bin/bash
# Sets up what the tests need and runs them. The last line counts them.
#
#   sudo ./test.sh          everything: unit tests, then tests that really mount
#   ./test.sh --unit        only what needs no root
#   CORPUS=DIR ...          ext4 images, one compressed file each, to be tested beside the generated ones
#   sudo ./test.sh --long   also the long modes (1,000,000 fuzz cases, an old kernel in QEMU, ...)
set -uo pipefail
# The language, the umask and the service manager of the caller are not the tests' own.
if [ "${FUSERVICE_SURROUNDINGS:-}" != plain ]; then
  exec env -u LANGUAGE -u NOTIFY_SOCKET -u LISTEN_PID -u LISTEN_FDS -u LISTEN_FDNAMES \
    LC_ALL=C.UTF-8 DOTNET_CLI_UI_LANGUAGE=en FUSERVICE_SURROUNDINGS=plain bash "$0" "$@"
fi
umask 022
cd "$(dirname "$0")" || exit
. eng/common.sh
. eng/leftovers.sh

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

# What the run leaves in its own folder for temporary files, or below its own name, is nobody else's.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0711 "$work"
mkdir -m 1777 "$work/tmp"
export TMPDIR=$work/tmp FUSERVICE_RUN
FUSERVICE_RUN=$(basename "$work")
passed=0 failed=0 skipped=0

# run_tests NAME COMMAND...: runs one project and adds its counts; a runner that dies without a summary is a failure.
run_tests() {
  local name=$1 summary failures rc
  shift
  say "$name"
  "$@" 2>&1 | tee "$work/log" | grep -vE '^(Test run for|A total of|Starting test execution|VSTest version|No test matches|$)'
  rc=${PIPESTATUS[0]}
  summary=$(grep -E '^(Passed|Failed|Skipped)! +- +Failed:' "$work/log" | tail -n 1)
  if [ -z "$summary" ]; then
    if grep -q 'No test matches the given testcase filter' "$work/log"; then return; fi
    echo "$name: the test runner ended without a summary" >&2
    failed=$((failed + 1))
    return
  fi
  failures=$(sed -E 's/.*Failed: +([0-9]+).*/\1/' <<<"$summary")
  # All passed, and yet not well: something was left behind.
  [ "$failures" != 0 ] || [ "$rc" = 0 ] || failures=1
  failed=$((failed + failures))
  passed=$((passed + $(sed -E 's/.*Passed: +([0-9]+).*/\1/' <<<"$summary")))
  skipped=$((skipped + $(sed -E 's/.*Skipped: +([0-9]+).*/\1/' <<<"$summary")))
}

# Everything that mounts runs in its own mount and pid namespace: what a dying test leaves behind dies with it, and the host's
# /run/fuservice, utab and mount helpers are never touched. eng/test-namespace.sh prepares the inside, and looks at it afterwards.
contained() {
  unshare --mount --propagation private --pid --fork --kill-child --mount-proc eng/test-namespace.sh "$@"
}

loop_devices() { losetup --list --noheadings --output NAME,BACK-FILE | sort; }

# What no namespace holds. A loop device over a file that is there, outside of our folder, is somebody else's.
leftovers() {
  temporary_files
  find /sys/fs/cgroup -maxdepth 2 -name "*.$FUSERVICE_RUN" 2>/dev/null
  local device file
  comm -13 "$work/loops" <(loop_devices) | while read -r device file; do
    [ -e "$file" ] && [[ $file != "$work"/* ]] || echo "$device: $file"
  done
}

$unit || loop_devices >"$work/loops"
for project in tests/*.Tests; do
  name=$(basename "$project")
  run_tests "$name" dotnet test "$project" --no-build --nologo --filter "Needs!=root$filter"
  $unit || run_tests "$name (real mounts, as root)" contained dotnet test "$project" --no-build --nologo --filter "Needs=root$filter"
done

$unit && look=temporary_files || look=leftovers
if nothing_left "$look"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi

[ -d "${CORPUS:-}" ] || echo "without a corpus of images (CORPUS= names its directory): ext4 was tested with generated images only"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
