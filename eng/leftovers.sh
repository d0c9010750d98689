# shellcheck shell=bash
# What tests leave behind. Sourced by test.sh and eng/test-namespace.sh.

# nothing_left COMMAND...: COMMAND prints what is there and should not be. A server after its unmount, a loop device after its last user, a cgroup
# after its last process: all of them go by themselves, a moment later. So this waits for that, a minute at most, and says what then stays.
nothing_left() {
  local left tries=240
  while left=$("$@" || :) && [ -n "$left" ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.25; done
  [ -n "$left" ] || return 0
  { echo "the tests left something behind:"; echo "$left"; } >&2
  return 1
}

# temporary_files: of this run alone, because TMPDIR is its own; what the runtime and the compiler keep there is theirs.
temporary_files() {
  find "$TMPDIR" -mindepth 1 -maxdepth 1 \( -name '*fuservice*' -o -name 'mh-*' -o -name 'ext4-*' -o -name 'fuse-test-*' -o -name 'mounter-bin-*' \)
}
