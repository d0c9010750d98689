# What the units promise beside mounting: who the server is, what stopping means, and how many may come.
. "$(dirname "$0")/lib.sh"
make_source /ci/source
mkdir /ci/mnt
echo hello >/ci/source/file
cp "$(command -v id)" /ci/source/setuid && chmod 4755 /ci/source/setuid
mknod /ci/source/null c 1 3

mount -t fuse.passthrough /ci/source /ci/mnt
[ "$(cat /ci/mnt/file)" = hello ] || fail "the file"
unit=$(unit_of /ci/mnt)
[ "$(systemctl show -P Slice "$unit")" = fuservice.slice ] || fail "not in fuservice.slice"
main=$(systemctl show -P MainPID "$unit")
tr '\0' ' ' <"/proc/$main/cmdline" | grep -q '^fuservice-passthrough: /ci/source on /ci/mnt' || fail "systemd follows another process than stage 2"
[ "$(xargs <"$(systemctl show -P ControlGroup "$unit" | sed 's|^|/sys/fs/cgroup|')/cgroup.procs")" = "$main" ] || fail "stage 1 has not left"
ok "systemd follows stage 2, in fuservice.slice, and stage 1 is gone"

outside=$(awk '$5 != "/proc" && $6 !~ /^ro,/ { print $5 }' "/proc/$main/mountinfo")
[ -z "$outside" ] || fail "the server can write to: $outside"
found=$(cd "/proc/$main/root" && find . -xdev -type f -size +0 ! -path "./lib*" ! -path ./usr/lib/fuservice/fuservice-passthrough | sort | xargs)
[ -z "$found" ] || fail "in the server's root directory: $found"
mounts=$(awk '{ print $5 }' "/proc/$main/mountinfo" | grep -vE '^/(dev/[a-z]+|proc|sys|root|run/systemd/(incoming|notify|journal/socket)|dev)?$' | sort | xargs)
[ "$mounts" = "/lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/libm.so.6 /lib64/ld-linux-x86-64.so.2 /usr/lib/fuservice/fuservice-passthrough" ] ||
  fail "mounted in the server's root directory: $mounts"
for namespace in user mnt net ipc uts; do
  [ "$(readlink "/proc/$main/ns/$namespace")" != "$(readlink "/proc/1/ns/$namespace")" ] || fail "the server shares the $namespace namespace of PID 1"
done
ok "an empty root, nothing writable, namespaces of its own"

grep -q ' /ci/mnt [^ ]*nosuid,nodev' /proc/1/mountinfo || fail "not nosuid,nodev"
su nobody -s /bin/sh -c '/ci/mnt/setuid -u' | grep -qx "$(id -u nobody)" || fail "a setuid file of the source was honoured"
! cat /ci/mnt/null 2>/dev/null || fail "a device node of the source was honoured"
ok "nosuid,nodev"

# A busy mount is detached, and who works in it can finish.
exec 5</ci/mnt/file
systemctl stop --no-block "$unit"
eventually gone /ci/mnt
[ "$(cat <&5)" = hello ] || fail "the file was taken away under its reader"
[ "$(systemctl is-active "$unit" || :)" = deactivating ] || fail "the server did not wait for its last user"
exec 5<&-
eventually ended "$unit"
ok "a stop waits for those who work in the mount"

mount -t fuse.passthrough /ci/source /ci/mnt
unit=$(unit_of /ci/mnt)
main=$(systemctl show -P MainPID "$unit")
active "$unit" || fail "a mount that stands, and its unit is $(systemctl is-active "$unit")"
[ "$(systemctl show -P StatusText "$unit")" = "serving /ci/source on /ci/mnt" ] || fail "the status: $(systemctl show -P StatusText "$unit")"
umount /ci/mnt
eventually ended "$unit"
ok "ready when the mount stands; the server leaves by itself after umount"

# What a server says: asked for by the mount, told by stage 2, under the unit that journald has seen itself.
said() { journalctl --no-pager --output=export FUSERVICE_MOUNT=/ci/mnt FUSERVICE_SOURCE=/ci/source "_PID=$main" 2>/run/error; }
heard() { journalctl --sync; said | grep -q '^MESSAGE=/ci/source on /ci/mnt: '; }
eventually heard
for field in SYSLOG_IDENTIFIER=fuservice-passthrough PRIORITY=6 FUSERVICE_TYPE=passthrough "_SYSTEMD_UNIT=$unit" _TRANSPORT=journal; do
  said | grep -qx "$field" || fail "the journal lacks $field: $(said)"
done
ok "the journal has the mount as fields: $(said | sed -n 's/^MESSAGE=//p')"

# The keeper of a mount: beside its server, not taken for one by who looks from outside, and not needed.
keeper_units() { systemctl list-units --no-legend --plain --state=active 'fuservice-keeper@*.service' | awk '{ print $1 }'; }
kept() { [ "$(keeper_units | wc -l)" = 1 ]; }
mount -t fuse.passthrough /ci/source /ci/mnt
[ "$(cat /ci/mnt/file)" = hello ] || fail "the file"
eventually kept
keeper=$(keeper_units)
fuservicemount --attest /ci/mnt >/run/attested || fail "the attestation from outside: $(cat /run/attested)"
grep -qx 'level full, full is required' /run/attested || fail "the level seen from outside: $(cat /run/attested)"
[ "$(grep -c ': the keeper of its files' /run/attested)" = 1 ] || fail "the keeper seen from outside: $(cat /run/attested)"
systemctl stop "$keeper"
eventually ended "$keeper"
echo again >/ci/mnt/file
[ "$(cat /ci/mnt/file /ci/source/file | xargs)" = "again again" ] || fail "no mount without its keeper"
echo hello >/ci/mnt/file
umount /ci/mnt
eventually no_server
kept_files() { journalctl --sync; journalctl --no-pager -o cat -u "$keeper" | grep -q '^fuservice-keeper: .*; [1-9][0-9]* files were registered, 0 requests refused'; }
mount -t fuse.passthrough /ci/source /ci/mnt
eventually kept
keeper=$(keeper_units)
[ "$(cat /ci/mnt/file)" = hello ] || fail "the file"
umount /ci/mnt
eventually no_server
eventually kept_files
ok "attested from outside with its keeper, which registered files and ended with the mount; without it the mount goes on"

# A server that dies leaves a mount that answers with errors.
mount -t fuse.passthrough /ci/source /ci/mnt
unit=$(unit_of /ci/mnt)
kill -KILL "$(systemctl show -P MainPID "$unit")"
eventually ended "$unit"
mounted /ci/mnt || fail "the mount of a dead server is gone"
! cat /ci/mnt/file 2>/dev/null || fail "a dead server answers"
umount /ci/mnt
ok "a dead mount stays until it is unmounted"

# 200 connections that say nothing: each has its server, none of them counts as a failure, and the socket goes on.
socket=fuservice-passthrough.socket
perl -MSocket -e '
  for (1 .. 200) {
    socket(my $s, PF_UNIX, SOCK_SEQPACKET, 0) or die "socket: $!";
    connect($s, pack_sockaddr_un("/run/fuservice/passthrough")) or die "connection $_: $!";
    push @all, $s;
  }
  $| = 1;
  print "connected\n";
  sleep 300;' >/run/connected 2>&1 &
flood=$!
eventually grep -qs connected /run/connected
flooded() { [ "$(systemctl show -P NConnections $socket)" -ge 200 ]; }
eventually flooded
echo "$(systemctl show -P NConnections $socket) of at most $(systemctl show -P MaxConnections $socket) connections"
mount -t fuse.passthrough /ci/source /ci/mnt
[ "$(cat /ci/mnt/file)" = hello ] || fail "no mount during the flood"
kill $flood
drained() { [ "$(systemctl list-units --no-legend --plain 'fuservice-passthrough@*.service' | wc -l)" -eq 1 ]; }
eventually drained
umount /ci/mnt
active $socket || fail "the socket is $(systemctl is-active $socket)"
[ "$(systemctl show -P NRefused $socket)" = 0 ] || fail "connections were refused"
eventually no_server
ok "200 connections and a mount among them"

truncate -s 8M /ci/source/image
mkfs.ext4 -q -d /etc/ssl /ci/source/image
mount -t fuse.ext4 -o ro /ci/source/image /ci/mnt
diff -r /etc/ssl /ci/mnt 2>&1 | grep -v lost+found && fail "the image differs from what it was made of"
main=$(systemctl show -P MainPID "$(unit_of /ci/mnt)")
[ "$(stat -c %u "/proc/$main")" -ge 61184 ] || fail "the server of an image has the uid $(stat -c %u "/proc/$main")"
umount /ci/mnt
eventually no_server
ok "an ext4 image, served by a user of its own"
nothing_failed
