# The life of the package on a machine with a live mount: upgrade, removal, purge; and again from nothing.
. "$(dirname "$0")/lib.sh"
make_source /ci/source
mkdir /ci/mnt /run/newer
echo hello >/ci/source/file
sockets=(fuservice-passthrough.socket fuservice-ext4.socket fuservice-keeper.socket fuservicemountd.socket)
addresses=(passthrough ext4 ext3 ext2 keeper mountd)
listening() {
  local socket
  for socket in "${sockets[@]}"; do active "$socket" || fail "$socket does not listen $1"; done
}
keeper_of_all() { systemctl show -P MainPID "$(systemctl list-units --no-legend --plain --state=active 'fuservice-keeper@*.service' | awk '{ print $1 }')"; }
listening "after the boot"

# The same package with a higher version and other bytes in every file.
dpkg-deb --raw-extract /ci/fuservicehost.deb /run/newer
sed -i 's/^Version: .*/&+newer/' /run/newer/DEBIAN/control
find /run/newer/usr /run/newer/lib -type f -size +0 ! -name '*.gz' -exec sh -c 'printf "\n" >>"$1"' sh {} \;
dpkg-deb --build /run/newer /run/newer.deb >/dev/null

mount -t fuse.passthrough /ci/source /ci/mnt
unit=$(unit_of /ci/mnt)
main=$(systemctl show -P MainPID "$unit")
kept() { systemctl list-units --no-legend --plain --state=active 'fuservice-keeper@*.service' | grep -q .; }
eventually kept
keeper=$(keeper_of_all)
dpkg --install /run/newer.deb
listening "after the upgrade"
[ "$(cat /ci/mnt/file)" = hello ] || fail "the mount did not survive the upgrade"
[ "$(systemctl show -P MainPID "$unit")" = "$main" ] || fail "another server after the upgrade"
[ "$(keeper_of_all)" = "$keeper" ] || fail "another keeper after the upgrade"
mkdir /ci/other
mount -t fuse.passthrough /ci/source /ci/other
echo new >/ci/other/file
[ "$(cat /ci/mnt/file)" = new ] || fail "the old and the new server serve different things"
umount /ci/other
systemctl stop "$unit"
gone /ci/mnt || fail "the new helper does not unmount what the old one mounted"
eventually no_server
ok "upgrade: live mounts go on, with the old server, and end with the new helper"

# A server with another kind of root directory: what the service manager made in it would stay behind.
truncate -s 8M /ci/source/image
mkfs.ext4 -q /ci/source/image
mount -t fuse.ext4 -o ro /ci/source/image /ci/other
umount /ci/other
mount -t fuse.passthrough /ci/source /ci/mnt
echo '# mine' >>/etc/fuservice.conf
dpkg --remove fuservicehost
[ "$(cat /ci/mnt/file)" = new ] || fail "the mount did not survive the removal"
for address in "${addresses[@]}"; do [ ! -e "/run/fuservice/$address" ] || fail "/run/fuservice/$address is still there after the removal"; done
[ ! -e /usr/sbin/fuservicemount ] && [ ! -e /usr/sbin/mount.fuse.passthrough ] || fail "the helper is still there"
grep -q '^# mine' /etc/fuservice.conf || fail "the removal took the configuration away"
mkdir -p /ci/none
! mount -t fuse.passthrough /ci/source /ci/none 2>/run/error || fail "mounted without the package"
umount /ci/mnt
eventually no_server
ok "removal: no new mounts; what is mounted stays until it is unmounted; the configuration stays"

dpkg --purge fuservicehost
rm -r /run/newer /run/newer.deb
left=$(find /etc /run /usr /var/lib /var/cache /var/spool -name '*fuservice*' ! -path '/run/systemd/*' ! -path '/run/log/*')
[ -z "$left" ] || fail "left after the purge: $left"
ok "purge: nothing is left"

# Where a package puts things; the rest of a machine can be large.
set_ids() { find /etc /opt /run /srv /usr /var -xdev -perm /6000 -type f | sort; }
before=$(set_ids)
dpkg --install /ci/fuservicehost.deb
[ "$(set_ids)" = "$before" ] || fail "the package brings setuid or setgid files"
listening "after the installation"
getent passwd fuservice >/dev/null || fail "the package did not make its user"
mount -t fuse.passthrough /ci/source /ci/mnt
[ "$(cat /ci/mnt/file)" = new ] || fail "the file"
umount /ci/mnt
eventually no_server
ok "installed on a running system: listens, mounts; nothing setuid"

# complete_after WORDS...: what bash offers for the last of them.
complete_after() {
  bash -c '
    all=("$@")
    _init_completion() { words=("${all[@]}") cword=$((${#all[@]} - 1)) cur=${all[-1]} prev=${all[-2]}; }
    . /usr/share/bash-completion/completions/fuservicemount
    COMPREPLY=()
    compopt() { :; }
    _fuservicemount
    printf "%s\n" "${COMPREPLY[@]}"' complete_after "$@"
}
offers() { [[ " $(complete_after "${@:2}" | xargs) " == *" $1 "* ]] || fail "no $1 is offered after: ${*:2}"; }
offers allow_suid fuservicemount -o al
offers ro,passthrough= fuservicemount -t passthrough -o ro,pass
offers recovery fuservicemount -t ext3 -o reco
offers --attest fuservicemount --at
offers passthrough fuservicemount -t pass
ok "completion has the options of helper and server"
nothing_failed
