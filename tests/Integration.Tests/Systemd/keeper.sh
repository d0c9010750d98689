# Passthrough with the units: a keeper for each mount, data while a server is stopped, and both ends.
. "$(dirname "$0")/lib.sh"
useradd --no-create-home --shell /bin/sh alice
for folder in /ci/source /home/alice; do make_source $folder; done
chown alice: /home/alice
mkdir /ci/mnt
keeper_units() { systemctl list-units --no-legend --plain 'fuservice-keeper@*.service' | awk '{ print $1 }'; }
one_keeper() { [ "$(keeper_units | wc -l)" = 1 ]; }

# Bare system calls, none of which a server has to answer once the file is open and has been written to.
holder='
  $| = 1;
  sysopen(my $file, $ARGV[0], 2) or die "open: $!";
  sysread($file, my $first, 1) == 1 or die "first read: $!";
  sysseek($file, 0, 0);
  syswrite($file, $first) == 1 or die "first write: $!";
  print "open\n";
  <STDIN>;
  sysseek($file, 5 << 20, 0);
  sysread($file, my $read, 1 << 20) == 1 << 20 or die "read: $!";
  sysseek($file, 2 << 20, 0);
  syswrite($file, "w" x 300000) == 300000 or die "write: $!";
  print "done ", unpack("%32C*", $read), "\n";'

# works_while_stopped USER SOURCE MOUNTPOINT
works_while_stopped() {
  local server sum state
  server=$(systemctl show -P MainPID "$(unit_of "$3")")
  [ "$(readlink "/proc/$server/ns/user")" != "$(readlink /proc/1/ns/user)" ] || fail "the server is not in a user namespace of its own"
  sum=$(dd if="$2/file" bs=1M skip=5 count=1 status=none | perl -e 'local $/; print unpack("%32C*", <STDIN>)')
  mkfifo /run/tell
  setpriv --reuid="$1" --regid="$1" --init-groups perl -e "$holder" "$3/file" </run/tell >/run/said 2>&1 &
  exec 6>/run/tell
  eventually grep -qs open /run/said
  kill -STOP "$server"
  echo 1 >/proc/sys/vm/drop_caches
  echo >&6
  eventually grep -q done /run/said
  state=$(awk '/^State/ { print $2 }' "/proc/$server/status")
  kill -CONT "$server"
  exec 6>&-
  wait
  rm /run/tell
  [ "$state" = T ] || fail "the server was not stopped: $state"
  [ "$(tail -n 1 /run/said)" = "done $sum" ] || fail "read something else: $(cat /run/said)"
  cmp <(head -c 300000 /dev/zero | tr '\0' w) <(dd if="$2/file" iflag=skip_bytes,count_bytes skip=2M count=300000 status=none) || fail "wrote something else"
}

head -c 8M /dev/urandom >/ci/source/file
mount -t fuse.passthrough /ci/source /ci/mnt
eventually one_keeper
unit=$(keeper_units)
keeper=$(systemctl show -P MainPID "$unit")
works_while_stopped root /ci/source /ci/mnt
grep -q '^CapEff:[[:space:]]*0000000000200000$' "/proc/$keeper/status" || fail "the keeper has $(grep CapEff "/proc/$keeper/status")"
[ "$(stat -c %u "/proc/$keeper")" -ge 61184 ] || fail "the keeper has the uid $(stat -c %u "/proc/$keeper")"
[ "$(systemctl show -P Slice "$unit")" = fuservice.slice ] || fail "the keeper is not in fuservice.slice"
ok "root's mount is read and written while its server is stopped"
umount /ci/mnt
eventually no_server
said() { journalctl --sync; journalctl --no-pager --output=cat 2>/run/error | grep -q "$1"; }
eventually said 'passthrough: 1 opens in passthrough, 0 ordinary'
eventually said '1 files were registered, 0 requests refused'
ok "server and keeper leave, and agree about what they did"

setpriv --reuid=alice --regid=alice --init-groups env HOME=/home/alice sh -euc \
  'mkdir ~/source ~/mnt; head -c 8M /dev/urandom >~/source/file; mount -t fuse.passthrough ~/source ~/mnt'
eventually one_keeper
works_while_stopped alice /home/alice/source /home/alice/mnt
grep -q '^CapEff:[[:space:]]*0000000000000000$' "/proc/$(systemctl show -P MainPID "$(unit_of /home/alice/mnt)")/status" || fail "the server of a user's mount has capabilities"
ok "so is a user's"

# A keeper that is stopped takes nothing from anybody: files that are open go on, others are served by ordinary I/O.
systemctl stop "$(keeper_units)"
setpriv --reuid=alice --regid=alice --init-groups sh -euc 'echo later >/home/alice/mnt/later; grep -q later /home/alice/source/later; cmp /home/alice/mnt/file /home/alice/source/file'
umount /home/alice/mnt
eventually no_server
nothing_failed
ok "a stopped keeper"
