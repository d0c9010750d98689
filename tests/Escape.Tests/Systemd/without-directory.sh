#!/bin/bash
# The probe under the unit of servers without a directory.
# shellcheck disable=SC2034
type=probe battery=battery
. "$(dirname "$0")/battery.sh"
