# A unit that somebody weakened does not serve: neither as the full containment that it demands, nor silently as less.
. "$(dirname "$0")/lib.sh"
make_source /ci/source
mkdir /ci/mnt
truncate -s 8M /ci/source/image
mkfs.ext4 -q /ci/source/image

# try TYPE: mounts and unmounts with the unit of that type.
try() {
  case $1 in
    passthrough) mount -t fuse.passthrough /ci/source /ci/mnt ;;
    ext4) mount -t fuse.ext4 -o ro /ci/source/image /ci/mnt ;;
  esac && umount /ci/mnt
}

# weaken TYPE NAME LINES PROPERTY: the unit with a drop-in; the mount has to fail, and to say what is missing.
weaken() {
  local folder=/run/systemd/system/fuservice-$1@.service.d
  mkdir -p "$folder"
  printf '[Service]\n%b\n' "$3" >"$folder/weak.conf"
  systemctl daemon-reload
  ! try "$1" 2>/run/error || fail "$1 mounted without $2"
  grep -q "$4" /run/error || fail "$1 without $2: $(cat /run/error)"
  ok "$1 without $2: $(cat /run/error)"
  rm "$folder/weak.conf"
  systemctl daemon-reload
}

try passthrough
try ext4
no_root='RootDirectory=\nBindReadOnlyPaths='
weaken passthrough RootDirectory "$no_root" empty-root

# The level is demanded by the unit, not found: where plain is enough for the Mounter, the weakened unit does not pass as that.
printf '[*]\nrequire=plain\n' >/etc/fuservice.conf
weaken passthrough RootDirectory "$no_root" empty-root
weaken passthrough PrivateNetwork 'PrivateNetwork=no' network-namespace
weaken passthrough PrivateIPC 'PrivateIPC=no' ipc-namespace
weaken passthrough ProtectHostname 'ProtectHostname=no' uts-namespace
weaken passthrough 'all that makes mounts read-only' 'ProtectSystem=no\nReadOnlyPaths=\nProtectKernelTunables=no\nProtectControlGroups=no' read-only-mounts
weaken ext4 RootDirectory "$no_root" empty-root
weaken ext4 PrivateUsers 'PrivateUsers=no' user-namespace
try passthrough
try ext4
eventually no_server
nothing_failed
