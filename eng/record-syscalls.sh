#!/bin/bash
# Records which system calls a server makes as stage 2, to review the list of its seccomp filter against.
#
#   FUSERVICE_BIN=DIR eng/record-syscalls.sh COMMAND...
#
# COMMAND is whatever mounts and works the mount, e.g. a test project; it runs in a namespace of its own (eng/test-namespace.sh)
# and finds in FUSERVICE_BIN servers that start under strace(1). Prints one line per call: how often, how often refused with EPERM,
# the name, and for the calls whose arguments the filter looks at those arguments. The list of a server is this, reviewed, and
# completed by hand with what no suite provokes: collections under memory pressure, failing threads, abort.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/common.sh

[ $# -gt 0 ] || die "usage: FUSERVICE_BIN=DIR eng/record-syscalls.sh COMMAND..."
[ -x "${FUSERVICE_BIN:-}/fuservicemount" ] || die "FUSERVICE_BIN must name the folder of the executables"
require_root "$@"
require_packages strace=strace

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/traces"
cp "$FUSERVICE_BIN"/fuservicemount "$work/bin/"
for server in "$FUSERVICE_BIN"/fuservice-*; do
  # -D: the tracer is the grandchild, so the server keeps the pid that the listener wrote into LISTEN_PID.
  cat >"$work/bin/$(basename "$server")" <<WRAPPER
#!/bin/sh
exec strace -D -f -qq -s 0 -o "$work/traces/\$\$" "$server" "\$@"
WRAPPER
  chmod 0755 "$work/bin/$(basename "$server")"
done
chmod 0755 "$work" "$work/bin"

FUSERVICE_BIN=$work/bin unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
  eng/test-namespace.sh "$@" >&2 || echo "record-syscalls.sh: the command failed; what it did is counted all the same" >&2
sleep 1

# A line is "PID name(arguments) = result". Stage 2 begins with the execveat that succeeds; its threads belong to it.
cat "$work"/traces/* | awk '
  function add(key) { count[key]++; if ($0 ~ /= -1 EPERM/) refused[key]++ }
  /<\.\.\. [a-z0-9_]+ resumed>/ {
    if ($3 == "execveat" && / = 0$/) stage2[$1] = 1
    if ($3 ~ /^clone3?$/ && stage2[$1]) stage2[$NF] = 1
    next
  }
  / execveat\(/ && / = 0$/ { stage2[$1] = 1; next }
  !stage2[$1] { next }
  match($2, /^[a-z0-9_]+\(/) {
    name = substr($2, 1, RLENGTH - 1)
    if (name ~ /^clone3?$/ && $NF ~ /^[0-9]+$/) stage2[$NF] = 1
    line = $0
    sub(/^[0-9]+ +[a-z0-9_]+\(/, "", line)
    split(line, argument, ", ")
    detail = ""
    if (name ~ /^(prctl|unshare)$/) detail = argument[1]
    if (name ~ /^(ioctl|fcntl)$/) detail = argument[2]
    if (name ~ /^(mmap|mprotect)$/) detail = argument[3]
    if (name == "clone" && match(line, /flags=[A-Z_|0-9x]+/)) detail = substr(line, RSTART, RLENGTH)
    if (name == "socket") detail = argument[1]
    sub(/[)<].*$/, "", detail)
    add(name (detail == "" ? "" : " " detail))
  }
  END { for (key in count) printf "%8d %6d  %s\n", count[key], refused[key], key }' | sort -k3
