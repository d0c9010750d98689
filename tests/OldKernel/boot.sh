#!/bin/bash
# Boots Debian 12's own kernel (6.1) in QEMU and mounts a directory there with the published executables.
#
#   tests/OldKernel/boot.sh BIN      BIN is the folder that eng/publish.sh filled
#
# Prints what the guest printed; exits 0 only when the guest reported success. Needs no root: QEMU runs under software emulation
# when /dev/kvm cannot be used.
set -euo pipefail

die() { echo "boot.sh: $*" >&2; exit 1; }

if [ $# != 1 ] || [ ! -x "$1/fuservicemount" ]; then die "usage: boot.sh BIN (with fuservicemount and fuservice-passthrough in it)"; fi
bin=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
for command in qemu-system-x86_64 busybox cpio mkfs.ext4 systemd-socket-activate dpkg-deb; do
  command -v "$command" >/dev/null || die "$command is missing (packages qemu-system-x86 busybox-static cpio e2fsprogs systemd)"
done

work=$(mktemp -d /var/tmp/fuservice-oldkernel.XXXXXX)
trap 'rm -rf "$work"' EXIT

package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-6\.1/ { print $2; exit }')
[ -n "$package" ] || die "apt knows no linux-image-6.1 (is this Debian 12? is the package list there?)"
(cd "$work" && apt-get download -qq "$package" 2>/dev/null && dpkg-deb -x "$package"_*.deb kernel) || die "cannot get the package $package"
version=${package#linux-image-}
modules=$work/kernel/lib/modules/$version

root=$work/root
mkdir -p "$root"/{bin,sbin,dev,proc,sys,run,tmp,mnt,src,lib,lib64,etc,modules,usr/lib/fuservice}
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$bin/fuservicemount" "$bin/fuservice-passthrough" "$root/usr/lib/fuservice/"
cp "$(command -v systemd-socket-activate)" "$(command -v mount)" "$(command -v umount)" "$root/bin/"
# Every shared library these need, at the path the loader asks for.
for program in "$root"/bin/* "$root"/usr/lib/fuservice/*; do
  { ldd "$program" 2>/dev/null || :; } | { grep -oE '/[^ ]+' || :; } | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -n "$library" "$root$library" 2>/dev/null || :
  done
done
for module in lib/crc16 fs/mbcache crypto/crc32c_generic lib/libcrc32c fs/jbd2/jbd2 fs/ext4/ext4 fs/fuse/fuse drivers/block/loop; do
  [ ! -e "$modules/kernel/$module.ko" ] || cp "$modules/kernel/$module.ko" "$root/modules/"
done
truncate -s 24M "$root/disk.img"
mkfs.ext4 -q -F "$root/disk.img"
cp "$here/init" "$root/init"
chmod 0755 "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

timeout 300 qemu-system-x86_64 -m 1024 -nographic -no-reboot -monitor none -serial stdio \
  -kernel "$work/kernel/boot/vmlinuz-$version" -initrd "$work/initrd" \
  -append 'console=ttyS0 quiet panic=-1 loglevel=3' </dev/null >"$work/console" 2>&1 || :
sed 's/\r$//' "$work/console" | grep -aoE '(guest: |fuservice|RESULT ).*' || :
grep -aq '^RESULT ok' "$work/console" || { tail -n 40 "$work/console" >&2; die "the guest did not report success"; }
