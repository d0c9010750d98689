#!/bin/bash
# The probe under the unit of the passthrough server.
# shellcheck disable=SC2034
type=passthrough battery=battery,tree
. "$(dirname "$0")/battery.sh"
