# Runs inside eng/systemd-namespace.sh: the units as they ship, mount(8), fstab, stop of nothing else.
set -euxo pipefail
truncate -s 64M /tmp/image
mkfs.ext4 -q -F /tmp/image
mkdir /tmp/src /tmp/mnt
mount -o loop /tmp/image /tmp/src
trap 'umount -l /tmp/mnt /mnt/test /tmp/src || :' EXIT
echo hello >/tmp/src/file

mount -t fuse.passthrough /tmp/src /tmp/mnt
test "$(cat /tmp/mnt/file)" = hello
unit=$(systemctl list-units --no-legend --plain 'fuservice-passthrough@*' | awk '{ print $1 }')
test "$(systemctl is-active "$unit")" = active
# Type=notify and MAINPID=: systemd follows stage 2, in our slice.
main=$(systemctl show -P MainPID "$unit")
tr '\0' ' ' <"/proc/$main/cmdline" | grep -q 'fuservice-passthrough: /tmp/src on /tmp/mnt'
test "$(systemctl show -P Slice "$unit")" = fuservice.slice
systemctl show -P StatusText "$unit" | grep -q /tmp/mnt

umount /tmp/mnt
for _ in $(seq 100); do
  [ -n "$(systemctl list-units --no-legend --plain --state=active 'fuservice-passthrough@*')" ] || break
  sleep 0.05
done
test -z "$(systemctl list-units --no-legend --plain 'fuservice-passthrough@*')"
test -z "$(systemctl --failed --no-legend --plain | grep fuservice)"

# An fstab entry becomes a mount unit.
echo '/tmp/src /mnt/test fuse.passthrough defaults 0 0' >>/etc/fstab
systemctl daemon-reload
systemctl start mnt-test.mount
test "$(cat /mnt/test/file)" = hello
systemctl stop mnt-test.mount
! grep -q ' /mnt/test ' /proc/self/mountinfo
test -z "$(systemctl --failed --no-legend --plain | grep fuservice)"
