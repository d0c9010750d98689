#!/bin/bash
# Builds the Debian package fuservicehost_VERSION_amd64.deb, and checks it with lintian.
#
#   eng/package.sh [OUTDIR]        OUTDIR is out/deb unless given
#
# FUSERVICE_BIN names executables that eng/publish.sh has already made; without it they are published from a copy of the sources. The same
# sources give the same bytes, wherever they are built.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/common.sh

outdir=${1:-out/deb}
mkdir -p "$outdir"
outdir=$(realpath "$outdir")
[ -z "${FUSERVICE_BIN:-}" ] || { FUSERVICE_BIN=$(realpath "$FUSERVICE_BIN") && export FUSERVICE_BIN; }
for command in dpkg-buildpackage dh lintian; do
  command -v "$command" >/dev/null || die "$command is missing: apt-get install dpkg-dev debhelper lintian"
done
version=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' Directory.Build.props)
[ "$(dpkg-parsechangelog -l deploy/debian/changelog -S Version)" = "$version" ] ||
  die "deploy/debian/changelog is not of version $version (Directory.Build.props)"

# A copy, because dh writes into the tree, and because what is not committed or listed in .gitignore has no place in a package.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/fuservicehost-$version
mkdir "$tree"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  git ls-files -z --cached --others --exclude-standard
else
  find . -name obj -prune -o -name bin -prune -o -path ./out -prune -o -type f -printf '%P\0'
fi | tar --null --files-from=- --create --ignore-failed-read | tar --extract --directory="$tree"
cp -a "$tree/deploy/debian" "$tree/debian"

# The date of every file in the package: that of the changelog. The rest of the environment has no say.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l deploy/debian/changelog -S Timestamp)
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
umask 022
(cd "$tree" && dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes) >"$work/log" 2>&1 || {
  cat "$work/log" >&2
  die "dpkg-buildpackage failed"
}
lintian --allow-root --fail-on error,warning "$work/fuservicehost_${version}_amd64.deb" || die "lintian has complaints"
install -m 0644 -t "$outdir" "$work/fuservicehost_${version}_amd64.deb"
say "$outdir/fuservicehost_${version}_amd64.deb"
