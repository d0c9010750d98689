# A unit that somebody weakened does not serve: neither as the full containment that it demands, nor silently as less.
. "$(dirname "$0")/lib.sh"
make_source /ci/source
mkdir /ci/mnt

mount -t fuse.passthrough /ci/source /ci/mnt
umount /ci/mnt

# weaken NAME LINES: the unit with a drop-in; the mount has to fail, and to say what is missing.
weaken() {
  mkdir -p /run/systemd/system/fuservice-passthrough@.service.d
  printf '[Service]\n%b\n' "$2" >/run/systemd/system/fuservice-passthrough@.service.d/weak.conf
  systemctl daemon-reload
  ! mount -t fuse.passthrough /ci/source /ci/mnt 2>/run/error || fail "mounted without $1"
  grep -q "$3" /run/error || fail "without $1: $(cat /run/error)"
  ok "without $1: $(cat /run/error)"
}
weaken RootDirectory 'RootDirectory=\nBindReadOnlyPaths=' empty-root

# The level is demanded by the unit, not found: where plain is enough for the Mounter, the weakened unit does not pass as that.
printf '[*]\nrequire=plain\n' >/etc/fuservice.conf
weaken RootDirectory 'RootDirectory=\nBindReadOnlyPaths=' empty-root
weaken PrivateNetwork 'PrivateNetwork=no' network-namespace
weaken PrivateIPC 'PrivateIPC=no' ipc-namespace
nothing_failed
