# Runs inside eng/systemd-namespace.sh: an image through the unit as it ships, under each of its names.
. "$(dirname "$0")/lib.sh"
set -x
mkdir /tmp/tree /tmp/mnt
echo hello >/tmp/tree/file
mke2fs -q -F -t ext4 -d /tmp/tree /tmp/image 16M
before=$(sha256sum /tmp/image)
trap 'umount -l /tmp/mnt /mnt/test || :' EXIT

all_ended() {
  eventually ended 'fuservice-ext4@*'
  nothing_failed
}

for type in ext4 ext3 ext2; do
  mount -t "fuse.$type" -o ro,errors=continue /tmp/image /tmp/mnt
  test "$(cat /tmp/mnt/file)" = hello
  unit=$(systemctl list-units --no-legend --plain 'fuservice-ext4@*' | awk '{ print $1 }')
  test "$(systemctl is-active "$unit")" = active
  main=$(systemctl show -P MainPID "$unit")
  # A user of its own, and nothing that it could open.
  test "$(awk '/^CapEff:/ { print $2 }' "/proc/$main/status")" = 0000000000000000
  test "$(stat -c %u "/proc/$main")" != 0
  umount /tmp/mnt
  all_ended
done

# Stopping the server is an unmount, and an fstab line works.
echo '/tmp/image /mnt/test fuse.ext4 ro 0 0' >>/etc/fstab
systemctl daemon-reload
systemctl start mnt-test.mount
test "$(cat /mnt/test/file)" = hello
systemctl stop mnt-test.mount
all_ended

# What is no filesystem is refused in a line, and leaves nothing behind.
truncate -s 1M /tmp/empty
! mount -t fuse.ext4 -o ro /tmp/empty /tmp/mnt 2>/tmp/said
grep -q 'no ext2, ext3 or ext4 filesystem' /tmp/said
all_ended
test "$(sha256sum /tmp/image)" = "$before"
