#!/bin/bash
# An hour of mixed load on a contained mount with passthrough: its server and its keeper hold no more at the end than at the beginning.
#
#   eng/suites/soak.sh [MINUTES]        default: 60
#
# A round is a minute of: random opens, maps, truncations, executions and renames by several processes (tests/IoModeStress); a tree unpacked, walked
# and removed; a big file written, read back and compared; a log that is appended to while it is read. Then everything is deleted, and what
# the two processes hold is one line: RSS in KiB, descriptors, threads. Descriptors never exceed those after the first round by more than a few; the
# largest RSS of the last third is within a tenth, and 1 MiB, of the largest of the first third.
#
# A mount may have 64 files registered at once, and registers some ten thousand in a round: an id that were not given back would be missed soon.
# ROUND=SECONDS changes the length of a round, OPTIONS are mount options, SEED seeds the random ones, STRESS names a built iomode-stress.dll.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
enter_namespace "$@"

minutes=${1:-60} round=${ROUND:-60} seed=${SEED:-1}
stress=${STRESS:-$repository/tests/IoModeStress/bin/Debug/net10.0/iomode-stress.dll}
[ -e "$stress" ] || dotnet build "$repository/tests/IoModeStress" -v quiet -nologo >/dev/null || die "tests/IoModeStress does not build"
make_workspace
make_ext4 backing 2G
start_listener
mkdir "$work/backing/source"
source=$work/backing/source mnt=$work/mnt
mount_mode service "$source" "$mnt" "${OPTIONS:-passthrough=auto,passthrough_files=64}"
mkdir "$work/tree"
tar --create --dereference --ignore-failed-read --directory=/usr/include . 2>/dev/null | tar --extract --directory="$work/tree" ||
  tar --create --directory=/usr/share doc | tar --extract --directory="$work/tree"
head -c 64M /dev/urandom >"$work/big"

# pid_of TITLE: the one process whose title begins so.
pid_of() {
  local process
  for process in /proc/[0-9]*; do
    ! tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q "^$1" || { echo "${process#/proc/}"; return; }
  done
  die "no process is called $1"
}
server=$(pid_of "fuservice-passthrough: ")
keeper=$(pid_of "fuservice-keeper")

held() { awk '/^VmRSS/ { rss = $2 } /^Threads/ { threads = $2 } END { printf "%d %d", rss, threads }' "/proc/$1/status"; }
descriptors() { find "/proc/$1/fd" -mindepth 1 | wc -l; }

random_work() {
  mkdir -p "$mnt/random"
  until [ $SECONDS -ge "$1" ]; do
    seed=$((seed + 1))
    dotnet exec "$stress" "$mnt/random" "$seed" 2 500 >"$work/random.log" 2>&1 || { cat "$work/random.log" >&2; die "random operations failed, seed $seed"; }
  done
}

tree_work() {
  until [ $SECONDS -ge "$1" ]; do
    cp -r "$work/tree" "$mnt/tree"
    find "$mnt/tree" -type f -size -20k -exec cat {} + >/dev/null
    diff -r "$work/tree" "$mnt/tree" >&2 || die "a tree is not what it was copied from"
    rm -r "$mnt/tree"
  done
}

data_work() {
  until [ $SECONDS -ge "$1" ]; do
    cp "$work/big" "$mnt/big"
    cmp "$work/big" "$mnt/big" || die "a file is not what was written"
    rm "$mnt/big"
  done
}

log_work() {
  touch "$mnt/log"
  tail -f -n +1 "$mnt/log" >/dev/null &
  local reader=$!
  until [ $SECONDS -ge "$1" ]; do
    echo "a line, with the file opened for it" >>"$mnt/log"
  done
  kill $reader
  wait $reader || :
  rm "$mnt/log"
}

# one_round: sets row.
one_round() {
  seed=$((seed + 1000))
  local end=$((SECONDS + round)) job jobs=() tries=200
  random_work $end & jobs+=($!)
  tree_work $end & jobs+=($!)
  data_work $end & jobs+=($!)
  log_work $end & jobs+=($!)
  for job in "${jobs[@]}"; do wait "$job" || die "the mount, or its load, failed"; done
  rm -rf "${mnt:?}"/*
  # FORGET and RELEASE come a moment later.
  until [ "$(descriptors "$server")" -le "$((${first:-30} + 4))" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.1; done
  row="$(((SECONDS - start) / 60)) $(held "$server") $(descriptors "$server") $(held "$keeper") $(descriptors "$keeper")"
}

printf '%s\n' "minute: server RSS, threads, descriptors; keeper RSS, threads, descriptors"
: >"$work/rows"
start=$SECONDS
until [ $SECONDS -ge $((start + minutes * 60)) ]; do
  one_round
  echo "$row" | tee -a "$work/rows"
  first=${first:-$(awk '{ print $4; exit }' "$work/rows")}
done
umount "$mnt"
"$FUSERVICE_BIN/fuservicemount" --wait "$source"
grep -h 'opens in passthrough' "$work/passthrough.log" | tail -n 1
grep -h 'files were registered' "$work/keeper.log" | tail -n 1
awk '
  { row++; for (i = 2; i <= 7; i++) value[row, i] = $i }
  function largest(column, from, to, r, max) { for (r = from; r <= to; r++) if (value[r, column] > max) max = value[r, column]; return max }
  END {
    third = int((row + 2) / 3)
    for (column = 2; column <= 5; column += 3) {
      early = largest(column, 1, third); late = largest(column, row - third + 1, row)
      printf "%s: RSS at most %d KiB in the first third, %d in the last; descriptors %d after the first round, at most %d\n",
        column == 2 ? "server" : "keeper", early, late, value[1, column + 2], largest(column + 2, 1, row)
      if (late > early * 1.1 + 1024 || largest(column + 2, 1, row) > value[1, column + 2] + 4) bad = 1
    }
    exit bad
  }' "$work/rows" || die "it grows"
