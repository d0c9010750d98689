#!/bin/bash
# The probe under the unit of the passthrough server, mounted by an ordinary user through the broker.
# shellcheck disable=SC2034
type=passthrough battery=battery,tree
as_caller() { setpriv --reuid=1000 --regid=1000 --clear-groups "$@"; }
. "$(dirname "$0")/battery.sh"
