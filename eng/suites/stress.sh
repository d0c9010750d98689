#!/bin/bash
# Works a contained mount hard with the programs of a built xfstests, and walks a big tree with few descriptors.
#
#   XFSTESTS=FOLDER eng/suites/stress.sh [fsx|fsstress|walk ...]      default: all three
#
#   fsx       1,000,000 operations on one file, each checked against a copy in memory
#   fsstress  4 processes of 20,000 operations each; afterwards mount and source are the same tree
#   walk      200,000 files through a server that may have 4096 descriptors: find counts and tar archives are the source's
#
# FSX_OPERATIONS, FSSTRESS_OPERATIONS, FILES and SEED change the sizes for a quick look; OPTIONS are mount options.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
[ -x "${XFSTESTS:-}/ltp/fsx" ] || die "set XFSTESTS to the folder of a built xfstests"
XFSTESTS=$(realpath "$XFSTESTS")
export XFSTESTS
enter_namespace "$@"

operations=${FSX_OPERATIONS:-1000000} steps=${FSSTRESS_OPERATIONS:-20000} files=${FILES:-200000} seed=${SEED:-1}
descriptors=4096
make_workspace
make_ext4 backing 8G
start_listener

# with_mount NAME [OPTIONS]: a new directory $source, mounted on $mnt by a server of its own.
with_mount() {
  source=$work/backing/$1 mnt=$work/mnt-$1
  mkdir -p "$source"
  mount_mode service "$source" "$mnt" "${2:-${OPTIONS:-}}"
}

# done_with_mount: it unmounts at once, its server ends and has said nothing but that and how files were opened, which is shown. fsstress gives
# files to ids that no mount knows, which is worth a line of the server, too.
done_with_mount() {
  timeout 60 umount "$mnt" || die "$mnt does not unmount"
  "$FUSERVICE_BIN/fuservicemount" --wait "$source"
  sed -n 's/^fuservice-passthrough: passthrough: /  /p' "$work/passthrough.log"
  ! grep '^fuservice-' "$work/passthrough.log" |
    grep -vE ': the filesystem was unmounted$|: an id is outside this mount.s map|: passthrough: [0-9]+ opens in passthrough, .* 0 otherwise$' ||
    die "the server had something to say"
  [ ! -e "$work/keeper.log" ] ||
    ! grep '^fuservice-keeper' "$work/keeper.log" | grep -vE ': the server has left; [0-9]+ files were registered, 0 requests refused$' ||
    die "its keeper had something to say"
  : >"$work/passthrough.log"
}

# A tree as a stream: names in order, types, owners, modes, times, contents. Not --sparse: ext4 calls unwritten blocks data while they are in
# memory, so that the second archive of the same file can be another one.
as_tar() { tar --create --sort=name --numeric-owner --directory="$1" . ; }

# What was written through a mapping is in the kernel's memory until somebody asks for it.
same_tree() {
  sync --file-system "$mnt"
  cmp <(as_tar "$source") <(as_tar "$mnt") && return 0
  diff <(as_tar "$source" | tar --list --verbose --full-time --numeric-owner) \
    <(as_tar "$mnt" | tar --list --verbose --full-time --numeric-owner) | head -n 20 >&2 || :
  die "$mnt and its source are not the same tree"
}

run_fsx() {
  with_mount fsx
  "$XFSTESTS/ltp/fsx" -q -S "$seed" -N "$operations" -P "$work" "$mnt/file" >"$work/fsx.log" 2>&1 ||
    { tail -n 50 "$work/fsx.log" >&2; die "fsx failed, seed $seed"; }
  cmp "$source/file" "$mnt/file"
  done_with_mount
  echo "fsx: $operations operations, seed $seed: clean"
}

run_fsstress() {
  with_mount fsstress
  "$XFSTESTS/ltp/fsstress" -s "$seed" -p 4 -n "$steps" -d "$mnt" >"$work/fsstress.log" 2>&1 ||
    { tail -n 50 "$work/fsstress.log" >&2; die "fsstress failed, seed $seed"; }
  same_tree
  local entries
  entries=$(find "$source" | wc -l)
  done_with_mount
  echo "fsstress: 4 x $steps operations, seed $seed: clean, $entries entries the same in the source"
}

make_files() {
  perl -e '
    my ($root, $files) = @ARGV;
    for my $n (0 .. $files - 1) {
      my $directory = sprintf "%s/%03d", $root, $n / 1000;
      $n % 1000 or mkdir $directory or die "$directory: $!";
      open my $file, ">", "$directory/file-$n" or die "$n: $!";
      print $file "content of $n\n" x ($n % 7);
      close $file;
      chown $n % 50, $n % 30, "$directory/file-$n" or die "$n: $!";
    }' "$1" "$2"
}

run_walk() {
  mkdir "$work/backing/walk"
  make_files "$work/backing/walk" "$files"
  prlimit --pid "$listener" --nofile=$descriptors:$descriptors
  with_mount walk
  local expected counted
  expected=$(find "$source" | wc -l)
  counted=$(find "$mnt" | wc -l)
  [ "$counted" = "$expected" ] || die "find counts $counted entries, the source has $expected"
  same_tree
  done_with_mount
  echo "walk: $counted entries with $descriptors descriptors: find and tar as in the source"
}

[ $# -gt 0 ] || set -- fsx fsstress walk
for part in "$@"; do
  case $part in
    fsx | fsstress | walk) "run_$part" ;;
    *) die "unknown part $part (fsx, fsstress, walk)" ;;
  esac
done
