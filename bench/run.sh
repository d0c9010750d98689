#!/bin/bash
# Compares the servers with native access and with other FUSE servers, side by side in one run. See bench/README.md.
#
#   sudo bench/run.sh [--quick] [--runs N] [--suites NAME,...] [--output FOLDER] [--minutes N]
#
#   --quick    small numbers and one run: shows that it works, in about a minute
#   --runs     how often everything is measured (5); the table has medians, smallest and largest
#   --suites   only these: data metadata tree mount memory systemd ext4 ext4-mount ext4-million
#   --output   where RESULTS.md, results.json and results.svg go (out/bench)
#   --minutes  how long all suites together may take (15): what is slower is measured less often
#
# Peers are given by environment: PASSTHROUGH_HP= PASSTHROUGH_LL= (libfuse's examples), FUSE2FS=, and for the suite "systemd" SERVICE_LL= with
# SERVICE_LL_UNIT= (its service_ll@.service) and SERVICE_LL_HELPER= (mount.fuse3). FUSERVICE_BIN= takes executables that are there
# instead of building them.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/eng/common.sh"

case ${1:-} in
  -h|--help) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac
require_root "$@"
require_fuse
require_dotnet
require_packages fio=fio gcc=gcc systemd-socket-activate=systemd mkfs.ext4=e2fsprogs mount=mount unshare=util-linux

BENCH_LOAD_BEFORE=$(cat /proc/loadavg)
export BENCH_LOAD_BEFORE FUSERVICE_BIN FUSERVICE_REPOSITORY=$root
if [ -z "${FUSERVICE_BIN:-}" ]; then
  FUSERVICE_BIN=$root/out/bin
  publish_if_stale "$FUSERVICE_BIN"
fi
FUSERVICE_BIN=$(realpath "$FUSERVICE_BIN")
say "building the bench"
log=$(mktemp)
dotnet build "$root/bench/Bench/Bench.csproj" -c Release -v quiet -nologo -p:RunAnalyzers=false >"$log" 2>&1 || { cat "$log" >&2; die "the bench could not be built"; }
rm -f "$log"

# FUSE over io_uring is a switch of the whole machine: on for the run, and then as it was.
uring=/sys/module/fuse/parameters/enable_uring
before=$(cat "$uring" 2>/dev/null || echo none)
BENCH_WORK=$(mktemp -d)
export BENCH_WORK
child=
leave() {
  # Mounts, processes, listeners and loop devices are in there, and go with it.
  [ -z "$child" ] || { kill -KILL "$child" 2>/dev/null && wait "$child" 2>/dev/null; } || :
  [ "$before" != N ] || echo N >"$uring"
  rmdir "$BENCH_WORK"
}
trap leave EXIT
trap 'exit 130' INT TERM
[ "$before" != N ] || echo Y >"$uring" || say "$uring cannot be switched on: nothing over io_uring is measured"

# A descriptor for each inode, in all passthrough servers.
ulimit -n "$(ulimit -Hn)"

arguments=("$@")
[[ " ${arguments[*]:-} " == *" --output "* ]] || arguments+=(--output "$root/out/bench")
unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
  "$root/eng/test-namespace.sh" "$root/bench/Bench/bin/Release/net10.0/fuservice-bench" "${arguments[@]}" &
child=$!
rc=0
wait "$child" || rc=$?
child=
exit $rc
