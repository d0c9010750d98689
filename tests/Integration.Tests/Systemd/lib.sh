# shellcheck shell=bash
# Shared by the scripts beside it, which run as a unit of a systemd that eng/systemd-namespace.sh has booted: sourced, not run.
set -euo pipefail

fail() { echo "FAILED: $*" >&2; exit 1; }
ok() { echo "ok: $*"; }

# eventually CONDITION...: within some minutes, on a machine that is busy with other tests.
eventually() {
  local end=$((SECONDS + 180))
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "in vain for 3 minutes: $*"
    sleep 0.05
  done
}

# The filesystems of the machine as PID 1 sees them, whatever namespace this script is in.
mounted() { grep -q " $1 .* - fuse\.[a-z]* " /proc/1/mountinfo; }
gone() { ! mounted "$1"; }

# unit_of MOUNTPOINT: the server's unit, by the status that it has told systemd, which may read it a moment later.
unit_of() {
  local unit end=$((SECONDS + 60))
  while [ $SECONDS -lt $end ]; do
    for unit in $(systemctl list-units --no-legend --plain 'fuservice-*@*.service' | awk '{ print $1 }'); do
      [[ $(systemctl show -P StatusText "$unit") != *" on $1" ]] || { echo "$unit"; return; }
    done
    sleep 0.05
  done
  fail "no server says that it serves $1"
}

active() { [ "$(systemctl is-active "$1" || :)" = active ]; }
ended() { ! systemctl list-units --no-legend --plain --all "$1" | grep -q .; }
no_server() { ended 'fuservice-*@*.service'; }

nothing_failed() {
  local failed
  failed=$(systemctl list-units --failed --no-legend --plain)
  [ -z "$failed" ] || fail "failed units: $failed"
}

# make_source FOLDER: a directory that can be id-mapped; the root of this machine, an overlay, cannot.
make_source() { mkdir -p "$1" && mount -t tmpfs -o mode=0755 source "$1"; }
