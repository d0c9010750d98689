# shellcheck shell=bash
# Shared by the runners of external test suites: sourced, not run. A runner calls enter_namespace first, so that everything
# below happens in a mount and pid namespace of its own.

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

suites=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$suites/../.." && pwd)

# Starts the runner again inside the namespace that eng/test-namespace.sh prepares.
enter_namespace() {
  [ "${FUSERVICE_SUITE_NAMESPACE:-}" = 1 ] && return 0
  [ "$(id -u)" = 0 ] || die "must be run as root: it mounts"
  [ "${1:-}" != package ] || boot "$@"
  export FUSERVICE_SUITE_NAMESPACE=1 FUSERVICE_BIN=${FUSERVICE_BIN:-$repository/out/bin}
  [ -x "$FUSERVICE_BIN/fuservicemount" ] || "$repository/eng/publish.sh" "$FUSERVICE_BIN"
  exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
    "$repository/eng/test-namespace.sh" "$0" "$@"
}

# Starts the runner again on a booted systemd with the product installed: FUSERVICE_DEB, or what FUSERVICE_BIN has as eng/install.sh lays it out. The
# machine is an overlay of this one, so that every path means there what it means here, but for those below /tmp and /var/tmp.
boot() {
  local folder variable rc=0
  folder=$(mktemp -d /var/tmp/fuservice-suite.XXXXXX)
  mkdir "$folder/logs"
  {
    echo 'export FUSERVICE_SUITE_NAMESPACE=1 KEEP_LOG=/ci/scripts/logs'
    for variable in PJDFSTEST DEVICES XFSTESTS EXCLUDE; do
      [ -z "${!variable:-}" ] || printf 'export %s=%q\n' "$variable" "${!variable}"
    done
    printf '%q ' exec "$(realpath "$0")" "$@"
  } >"$folder/run.sh"
  FUSERVICE_MINUTES=${FUSERVICE_MINUTES:-240} "$repository/eng/systemd-namespace.sh" "$folder/run.sh" >"$folder/output" || rc=$?
  sed '/^-- console --$/,$d' "$folder/output"
  [ -z "${KEEP_LOG:-}" ] || cp -r "$folder/logs/." "$KEEP_LOG/"
  rm -r "$folder"
  exit $rc
}

# The scratch folder of one run. /var/tmp and not /tmp: images of some GiB.
make_workspace() {
  activations=()
  work=$(mktemp -d /var/tmp/fuservice-suite.XXXXXX)
  trap drop_workspace EXIT
}

drop_workspace() {
  cd /
  awk -v w="$work/" 'index($5, w) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mountpoint; do
    umount -l "$mountpoint" || :
  done
  [ ${#activations[@]} = 0 ] || kill "${activations[@]}" 2>/dev/null || :
  wait 2>/dev/null || :
  rm -rf "$work"
}

# make_ext4 NAME SIZE: an ext4 file system of its own, mounted on $work/NAME.
make_ext4() {
  truncate -s "$2" "$work/$1.img"
  mkfs.ext4 -q -F "$work/$1.img"
  mkdir -p "$work/$1"
  mount -o loop "$work/$1.img" "$work/$1"
}

# activate ADDRESS... -- PROGRAM...: a socket activation in the background, what it starts is heard in $work/ADDRESS.log.
activate() {
  local addresses=() address tries=100
  while [ "$1" != -- ]; do addresses+=(-l "$1"); address=$1; shift; done
  shift
  systemd-socket-activate --seqpacket --accept "${addresses[@]}" "$@" >>"$work/$(basename "$address").log" 2>&1 &
  activations+=("$!")
  until [ -S "$address" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.05; done
  [ -S "$address" ] || die "nobody listens on $address: $(cat "$work/$(basename "$address").log")"
}

# What starts servers, and keepers unless KEEPER=no: without those every read and write is a request to the server.
start_listener() {
  [ "${KEEPER:-yes}" = no ] || activate /run/fuservice/keeper -- "$FUSERVICE_BIN/fuservice-keeper"
  activate /run/fuservice/passthrough /run/filesystems/passthrough -- "$FUSERVICE_BIN/fuservice-passthrough" --require=plain
  listener=$!
}

# On a booted machine: the installed server stores set-ID files under allow_suid.
store_set_ids() {
  install -D -m 0644 -t /etc/systemd/system/fuservice-passthrough@.service.d /usr/share/doc/fuservicehost/examples/make-setuid.conf
  systemctl daemon-reload
}

# mount_mode MODE SOURCE MOUNTPOINT [OPTIONS]: how the suite sees SOURCE.
#   native   a bind mount: the backing file system itself, the yardstick
#   service  fuservicemount -t passthrough: the contained server in its user namespace
#   package  mount -t fuse.passthrough: the server of the installed package under its unit, where "suid" stores set-ID files (make-setuid.conf)
#   developer  the server mounts for itself, as real root, without a namespace
mount_mode() {
  local mode=$1 source=$2 target=$3 options=${4:-} tries=100
  mkdir -p "$target"
  case $mode in
    native) mount --bind "$source" "$target" ;;
    service)
      [ -n "${listener:-}" ] || start_listener
      "$FUSERVICE_BIN/fuservicemount" -t passthrough "$source" "$target" ${options:+-o "$options"}
      ;;
    package)
      [[ ,$options, != *,suid,* ]] || store_set_ids
      # mount(8) keeps these two words to itself.
      options=$(sed -E 's/(^|,)(suid|dev)(,|$)/\1allow_\2\3/g; s/(^|,)(suid|dev)(,|$)/\1allow_\2\3/g' <<<"$options")
      mount -t fuse.passthrough ${options:+-o "$options"} "$source" "$target"
      ;;
    developer)
      "$FUSERVICE_BIN/fuservice-passthrough" --foreground "$source" "$target" ${options:+-o "$options"} >"$work/developer.log" 2>&1 &
      until mountpoint -q "$target" || [ $((tries -= 1)) = 0 ]; do sleep 0.05; done
      mountpoint -q "$target" || die "the server did not mount: $(cat "$work/developer.log")"
      ;;
    *) die "unknown mode $mode (native, service, package, developer)" ;;
  esac
}

# names LIST: the tests a committed list names, sorted. A line is a test, a blank and the reason; file:3,7-9 are four assertions of a file.
names() {
  awk '
    /^(#|$)/ { next }
    $1 !~ /:[0-9,-]+$/ { print $1; next }
    {
      split($1, part, ":")
      count = split(part[2], ranges, ",")
      for (r = 1; r <= count; r++) {
        if (split(ranges[r], ends, "-") == 1) ends[2] = ends[1]
        for (n = ends[1] + 0; n <= ends[2] + 0; n++) print part[1] ":" n
      }
    }' "$1" | sort -u
}

# compare_failures ACTUAL EXPECTED [RAN [WHERE]]: ACTUAL holds one failed test per line, RAN those that were run, where not all were. New
# failures and expected ones that no longer fail are both differences.
compare_failures() {
  local rc=0 where=${4:-}
  names "$2" >"$work/expected"
  sort -u "$1" >"$work/actual"
  if [ -n "${3:-}" ]; then
    comm -12 "$work/expected" <(sort -u "$3") >"$work/within"
    mv "$work/within" "$work/expected"
  fi
  if comm -23 "$work/actual" "$work/expected" | grep . >"$work/new"; then
    echo "failed ${where}and not expected to:"
    head -n 100 "$work/new" | sed 's/^/  /'
    rc=1
  fi
  if comm -13 "$work/actual" "$work/expected" | grep . >"$work/gone"; then
    echo "expected to fail ${where}and did not:"
    sed 's/^/  /' "$work/gone"
    rc=1
  fi
  return $rc
}

# compare_notrun ACTUAL EXPECTED: a test that could not run and is not known for that is a difference; one that did run is not.
compare_notrun() {
  comm -23 <(sort -u "$1") <(names "$2") | grep . >"$work/new" || return 0
  echo "not run and not expected to be left out:"
  sed 's/^/  /' "$work/new"
  return 1
}
