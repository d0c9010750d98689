#!/bin/bash
# Lays the product out below DESTDIR ("" is the machine itself): what the Debian package contains, and what tests boot with.
#
#   eng/install.sh BIN DESTDIR [FOLDER-WITH-MORE-UNITS...]
#
# BIN has the executables of eng/publish.sh. Every fuservice-TYPE in it for which there is a socket unit is installed as a server.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: eng/install.sh BIN DESTDIR [FOLDER-WITH-MORE-UNITS...]" >&2; exit 1; }
bin=$(realpath "$1") dest=$2
shift 2
extra=()
for folder in "$@"; do extra+=("$(realpath "$folder")"); done
cd "$(dirname "$0")/.."

lib=$dest/usr/lib/fuservice
units=$dest/lib/systemd/system
man=$dest/usr/share/man

# A server is one of ours when there is a socket for it. The keeper has one, too, and serves nothing.
listens() {
  local folder
  [ "$1" != keeper ] || return 1
  for folder in deploy/systemd "${extra[@]}"; do [ ! -e "$folder/fuservice-$1.socket" ] || return 0; done
  return 1
}

install -D -m 0755 "$bin/fuservicemount" "$dest/usr/sbin/fuservicemount"
[ ! -e "$bin/fuservicemountd" ] || install -D -m 0755 "$bin/fuservicemountd" "$lib/fuservicemountd"

# The types that a server answers to are the addresses of its socket: ext4 is ext3 and ext2 too.
types_of() {
  local folder
  for folder in deploy/systemd "${extra[@]}"; do
    [ ! -e "$folder/fuservice-$1.socket" ] || sed -n 's|^ListenSequentialPacket=/run/fuservice/||p' "$folder/fuservice-$1.socket"
  done
}

# The root directory of every server: places to mount on, and nothing else. The units mount the server and these libraries there.
# What systemd itself mounts on in a root directory is there as well, so that it never has to make it.
place() { install -D -m 0644 /dev/null "$lib/root$1"; }
for folder in dev etc proc root run/systemd/incoming sys tmp var/tmp; do install -d -m 0755 "$lib/root/$folder"; done
for library in /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/libm.so.6; do place "$library"; done
place /run/systemd/notify
place /run/systemd/journal/socket

if [ -e "$bin/fuservice-keeper" ]; then
  install -D -m 0755 "$bin/fuservice-keeper" "$lib/fuservice-keeper"
  place /usr/lib/fuservice/fuservice-keeper
fi

for server in "$bin"/fuservice-*; do
  type=${server##*/fuservice-}
  listens "$type" || continue
  install -D -m 0755 "$server" "$lib/fuservice-$type"
  place "/usr/lib/fuservice/fuservice-$type"
  install -d -m 0755 "$man/man8"
  for name in $(types_of "$type"); do
    for helper in mount umount; do
      ln -sf fuservicemount "$dest/usr/sbin/$helper.fuse.$name"
      ln -sf fuservicemount.8 "$man/man8/$helper.fuse.$name.8"
    done
  done
done

# The unit of a program that is not there would be a unit that fails.
for folder in deploy/systemd "${extra[@]}"; do
  for unit in "$folder"/*.socket "$folder"/*.service "$folder"/*.slice; do
    name=${unit##*/}
    if [ -e "$bin/${name%%[@.]*}" ] || [ "$name" = fuservice.slice ]; then install -D -m 0644 "$unit" "$units/$name"; fi
  done
done
install -D -m 0644 deploy/sysusers.conf "$dest/usr/lib/sysusers.d/fuservicehost.conf"
install -D -m 0644 deploy/fuservice.conf "$dest/etc/fuservice.conf"
install -D -m 0644 deploy/systemd/README.md "$dest/usr/share/doc/fuservicehost/units.md"
install -D -m 0644 deploy/systemd/make-setuid.conf "$dest/usr/share/doc/fuservicehost/examples/make-setuid.conf"
install -D -m 0644 deploy/completion/fuservicemount "$dest/usr/share/bash-completion/completions/fuservicemount"
for page in deploy/man/*.[58]; do install -D -m 0644 "$page" "$man/man${page##*.}/${page##*/}"; done
