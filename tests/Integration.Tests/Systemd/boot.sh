# The fstab lines were there before systemd started (SystemdTests): /ci/source, /ci/mounted, and /ci/auto with an automount unit.
# Two mounts are left for the shutdown.
. "$(dirname "$0")/lib.sh"

mounted /ci/mounted || fail "the fstab line was not mounted"
at() { systemctl show -P ActiveEnterTimestampMonotonic "$1"; }
[ "$(at ci-mounted.mount)" -le "$(at local-fs.target)" ] || fail "mounted after local-fs.target"
[ "$(at ci-mounted.mount)" -lt "$(at basic.target)" ] || fail "mounted after basic.target"
ok "mounted at boot, before local-fs.target, without _netdev"

echo hello >/ci/mounted/file
[ "$(cat /ci/source/file)" = hello ] || fail "the file is not in the source"
mkdir -m 0750 /ci/mounted/folder
[ "$(stat -c '%a %u' /ci/source/folder)" = "750 0" ] || fail "the folder differs in the source"

gone /ci/auto || fail "the automount point was mounted before anybody came"
[ "$(cat /ci/auto/file)" = hello ] || fail "the automount"
mounted /ci/auto || fail "the automount"
ok "mounted by an automount unit"

unit=$(unit_of /ci/auto)
systemctl stop "$unit"
gone /ci/auto || fail "still mounted after systemctl stop"
eventually ended "$unit"
ok "systemctl stop unmounts in the namespace of PID 1, and the server ends"

mkdir /run/by-hand
mount -t fuse.passthrough /ci/source /run/by-hand
active "$(unit_of /run/by-hand)" || fail "the server of a mount by hand"
# systemd learns of mounts it did not make from mountinfo, a moment later; only what it knows has a place in its shutdown.
eventually active 'run-by\x2dhand.mount'
nothing_failed
