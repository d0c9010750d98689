#!/bin/bash
# Runs pjdfstest (the C/sh version, built) over a mount and compares its failures with the expected ones.
#
#   PJDFSTEST=FOLDER eng/suites/pjdfstest.sh [native|service|package|developer] [OPTIONS] [TESTS...]
#
# OPTIONS default to suid,dev for the mount modes. Expected failures are in eng/suites, "file:numbers" and the reason on a line:
#   pjdfstest.native.expected      empty or the backing file system's own
#   pjdfstest.developer.expected   the server as real root
#   pjdfstest.service.expected     the contained server with DEVICES=no; package, which is the installed one on a booted systemd, is held to the same
#   pjdfstest.nosuid.expected      what fails besides without suid among the options, also with DEVICES=no
#   pjdfstest.devices.expected     the contained server with the suite as it is
#
# DEVICES=no leaves block and char out of the suite's loops over file types. A contained server cannot create device nodes, and each
# refused mknod fails dozens of assertions after it that are about something else; without them those others can be compared.
# KEEP_LOG names a folder for the logs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ -x "${PJDFSTEST:-}/pjdfstest" ] || die "set PJDFSTEST to the folder of a built pjdfstest"
command -v prove >/dev/null || die "prove is missing (package perl)"
PJDFSTEST=$(realpath "$PJDFSTEST")
export PJDFSTEST
enter_namespace "$@"

mode=${1:-service} options=${2-suid,dev}
shift $(($# < 2 ? $# : 2))
[ "$mode" != native ] || options=
lists=("pjdfstest.${mode/package/service}.expected")
if [ "$mode" = service ] || [ "$mode" = package ]; then
  [ "${DEVICES:-yes}" = no ] || lists=(pjdfstest.devices.expected)
  # The numbers of assertions are others when there are device nodes.
  if [[ ,$options, != *,suid,* ]]; then
    [ "${DEVICES:-yes}" = no ] || die "what is expected without suid is known for DEVICES=no only"
    lists+=(pjdfstest.nosuid.expected)
  fi
fi
make_workspace
make_ext4 backing 2G
mkdir "$work/backing/tree"
chmod 0755 "$work" "$work/backing/tree"
mount_mode "$mode" "$work/backing/tree" "$work/mnt" "$options"
mkdir -m 0755 "$work/mnt/run"
cd "$work/mnt/run"

cases=$PJDFSTEST/tests
if [ "${DEVICES:-yes}" = no ]; then
  cp -r "$PJDFSTEST" "$work/suite"
  cases=$work/suite/tests
  find "$cases" -name '*.t' -exec sed -i -E '/for type[0-9]* in/ s/ block char| c b/ /' {} +
fi
tests=("${@/#/$cases/}")
[ ${#tests[@]} -gt 0 ] || tests=("$cases")
prove --recurse --verbose --nocolor "${tests[@]}" >"$work/log" 2>"$work/stderr" || :
cd /
awk '
  /\.t \.\.+ *$/ { file = $1; sub(/^.*\/tests\//, "", file) }
  /^(not )?ok [0-9]+/ { number = $1 == "ok" ? $2 : $3; print file ":" number > ran }
  /^ok [0-9]+/ && !/# TODO/ { ok++ }
  /^not ok [0-9]+/ && /# TODO/ { todo++ }
  /^ok [0-9]+/ && /# TODO/ { todo++ }
  /^not ok [0-9]+/ && !/# TODO/ { failed++; print file ":" $3 > actual; print file ": " $0 > text }
  END { printf "pjdfstest, %s%s: %d assertions passed, %d failed, %d marked TODO by the suite\n", mode, devices, ok, failed, todo }
' mode="$mode${options:+ -o $options}" devices="$([ "${DEVICES:-yes}" = yes ] || echo ', no device nodes')" ran="$work/ran" actual="$work/failures" text="$work/text" "$work/log"
touch "$work/failures" "$work/text"
head -n 40 "$work/text" | cut -c1-200
sed -n '/^Files=/p' "$work/log"
[ -z "${KEEP_LOG:-}" ] || cp "$work/log" "$work/text" "$work/failures" "$KEEP_LOG/"

compare_failures "$work/failures" <(cat "${lists[@]/#/$suites/}") "$work/ran"
