# shellcheck shell=bash
# Shared by run.sh and test.sh: sourced, not run.

die() { echo "$(basename "$0"): $*" >&2; exit 1; }
say() { echo "== $*"; }

require_root() {
  [ "$(id -u)" = 0 ] || die "must be run as root (try: sudo $0 $*): mounting needs it"
}

require_fuse() {
  [ -c /dev/fuse ] || { command -v modprobe >/dev/null && modprobe fuse 2>/dev/null; } || :
  [ -c /dev/fuse ] || die "/dev/fuse is missing: the kernel has no FUSE, or this container was not given the device"
}

require_dotnet() {
  command -v dotnet >/dev/null || die "the .NET SDK is missing (see global.json for the version): https://dot.net"
}

# require_packages COMMAND=PACKAGE ...: installs the Debian packages whose command is not there.
require_packages() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "please install: ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null ||
    echo "$(basename "$0"): apt-get update failed; trying with the package lists that are there" >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get could not install: ${missing[*]}"
}

# publish_if_stale OUTDIR: Native AOT executables, built again only when a source is newer.
publish_if_stale() {
  local out=$1 root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  if [ -e "$out/.published" ] && [ -z "$(find "$root/src" "$root/eng" "$root/Directory.Build.props" \
      "$root/Directory.Packages.props" -type f -newer "$out/.published" \
      -not -path '*/obj/*' -not -path '*/bin/*' -not -name '*.lock.json' -print -quit)" ]; then
    say "executables in $out are up to date"
    return 0
  fi
  say "building the executables (Native AOT) into $out"
  rm -rf "$out"
  # Asked explicitly: a caller's `||` switches set -e off in here.
  "$root/eng/publish.sh" "$out" || return
  touch "$out/.published"
}

# package_if_stale BIN OUTDIR: the Debian package of these executables, built again only when one of them or something in deploy/ is newer.
# Sets FUSERVICE_DEB.
package_if_stale() {
  local bin=$1 out=$2 root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  FUSERVICE_DEB=$(find "$out" -maxdepth 1 -name 'fuservicehost_*_amd64.deb' -print -quit 2>/dev/null)
  if [ -n "$FUSERVICE_DEB" ] && [ -z "$(find "$bin/.published" "$root/deploy" "$root/eng/package.sh" "$root/eng/install.sh" -type f \
      -newer "$FUSERVICE_DEB" -print -quit)" ]; then
    say "$FUSERVICE_DEB is up to date"
    return 0
  fi
  say "building the Debian package into $out"
  rm -rf "$out"
  FUSERVICE_BIN=$bin "$root/eng/package.sh" "$out" >/dev/null || return 1
  FUSERVICE_DEB=$(find "$out" -maxdepth 1 -name 'fuservicehost_*_amd64.deb' -print -quit)
}
