# Mounts of ordinary users, through fuservicemountd.socket.
. "$(dirname "$0")/lib.sh"
for user in alice bob; do
  useradd --no-create-home --shell /bin/sh "$user"
  make_source "/home/$user"
  chown "$user:" "/home/$user"
  chmod 0700 "/home/$user"
done
as() { setpriv --reuid="$1" --regid="$1" --init-groups env HOME="/home/$1" sh -euc "$2"; }
brokers() { systemctl list-units --no-legend --plain 'fuservicemountd@*.service' | wc -l; }
no_broker() { [ "$(brokers)" = 0 ]; }

as alice 'mkdir ~/source ~/mnt; echo hello >~/source/file; mount -t fuse.passthrough ~/source ~/mnt; cat ~/mnt/file; echo new >~/mnt/new'
mounted /home/alice/mnt || fail "not in the mount namespace of PID 1"
[ "$(stat -c %U /home/alice/source/new)" = alice ] || fail "a file of alice's belongs to $(stat -c %U /home/alice/source/new)"
grep -q ' /home/alice/mnt [^ ]*nosuid,nodev' /proc/1/mountinfo || fail "not nosuid,nodev"
main=$(systemctl show -P MainPID "$(unit_of /home/alice/mnt)")
grep -q '^CapEff:[[:space:]]*0000000000000000$' "/proc/$main/status" || fail "the server of a user's mount has capabilities"
! as alice 'chown root ~/mnt/new' 2>/dev/null || fail "alice gives files away"
ok "alice mounts, and has her own rights in there"

chmod 0711 /home/alice
! as bob 'ls /home/alice/mnt' 2>/dev/null || fail "bob looks into alice's mount"
! ls /home/alice/mnt 2>/dev/null || fail "root looks into alice's mount"
! as bob 'umount /home/alice/mnt' 2>/run/error || fail "bob unmounts alice's mount"
mounted /home/alice/mnt || fail "bob unmounted alice's mount"
! as bob 'mkdir ~/mnt; mount -t fuse.passthrough /etc/ssl ~/mnt; echo x >~/mnt/x' 2>/dev/null || fail "bob writes to what he cannot write to"
! as bob 'mount -t fuse.passthrough ~ /home/alice/source' 2>/run/error || fail "bob mounts over alice's directory"
ok "bob cannot look into it, unmount it, or mount over hers: $(cat /run/error)"
as alice 'umount ~/mnt'
gone /home/alice/mnt || fail "alice's umount"
eventually no_server

# 200 connections of alice: most are turned away, the socket goes on, and bob mounts meanwhile.
as alice 'exec perl -MSocket -e '\''
  for (1 .. 200) {
    socket(my $s, PF_UNIX, SOCK_SEQPACKET, 0) or die "socket: $!";
    connect($s, pack_sockaddr_un("/run/fuservice/mountd")) or die "connection $_: $!";
    push @all, $s;
  }
  $| = 1;
  print "connected\n";
  sleep 300;'\''' >/run/connected 2>&1 &
flood=$!
eventually grep -qs connected /run/connected
start=$(date +%s%N)
as bob 'mkdir -p ~/mnt ~/own; mount -t fuse.passthrough ~/own ~/mnt; touch ~/mnt/file; umount ~/mnt'
ok "bob mounts during alice's flood, in $((($(date +%s%N) - start) / 1000000)) ms"
few() { [ "$(brokers)" -le 8 ]; }
eventually few
kill $flood
active fuservicemountd.socket || fail "the socket is $(systemctl is-active fuservicemountd.socket)"
eventually no_broker
as alice 'mount -t fuse.passthrough ~/source ~/mnt; umount ~/mnt'
ok "200 connections of a user"

# Limits on request: of the unit of that one server, before it has seen anything.
printf '[*]\nrequire=full\nmemory_max=300M\ntasks_max=70\n' >/etc/fuservice.conf
as alice 'mount -t fuse.passthrough ~/source ~/mnt'
unit=$(unit_of /home/alice/mnt)
[ "$(systemctl show -P MemoryMax -P TasksMax "$unit" | xargs)" = "314572800 70" ] ||
  fail "the limits of the policy are not on $unit: $(systemctl show -p MemoryMax,TasksMax "$unit" | xargs)"
as alice 'umount ~/mnt'
eventually no_server
mount -t fuse.passthrough /home/alice/source /home/alice/mnt
[ "$(systemctl show -P MemoryMax -P TasksMax "$(unit_of /home/alice/mnt)" | xargs)" = "2147483648 1024" ] || fail "the limits of users are on root's mount"
umount /home/alice/mnt
eventually no_server
ok "memory_max= and tasks_max= are the unit's"

printf '[*]\nrequire=full\nusers=no\n' >/etc/fuservice.conf
! as alice 'mount -t fuse.passthrough ~/source ~/mnt' 2>/run/error || fail "mounted against users=no"
ok "the policy: $(cat /run/error)"
eventually no_server
nothing_failed
