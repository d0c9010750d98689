# 1,000 connections of one user to the broker, and another user who wants to mount meanwhile.
. "$(dirname "$0")/lib.sh"
for user in alice bob; do
  useradd --no-create-home --shell /bin/sh "$user"
  make_source "/home/$user"
  chown "$user:" "/home/$user"
done
as() { setpriv --reuid="$1" --regid="$1" --init-groups env HOME="/home/$1" sh -euc "$2"; }
brokers() { systemctl list-units --no-legend --plain 'fuservicemountd@*.service' | wc -l; }
few() { [ "$(brokers)" -le 8 ]; }

# Each connection is held, whatever the broker says to it: 250 in each of four processes that connect as fast as they can.
as alice 'exec perl -MSocket -e '\''
  $| = 1;
  for (1 .. 4) {
    next if fork;
    for (1 .. 250) {
      socket(my $s, PF_UNIX, SOCK_SEQPACKET, 0) or die "socket: $!";
      connect($s, pack_sockaddr_un("/run/fuservice/mountd")) or die "connection $_: $!";
      push @all, $s;
      print "half\n" if $_ == 125;
    }
    print "all\n";
    sleep 100;
    exit;
  }
  sleep 100;'\''' >/run/connected 2>&1 &
flood=$!
reached() { [ "$(grep -cs "$1" /run/connected)" -ge "$2" ]; }
slowest=0
for moment in half all; do
  eventually reached "$moment" 4
  start=$(date +%s%N)
  as bob 'mkdir -p ~/mnt ~/own; mount -t fuse.passthrough ~/own ~/mnt'
  took=$((($(date +%s%N) - start) / 1000000))
  as bob 'umount ~/mnt'
  [ "$took" -le "$slowest" ] || slowest=$took
  echo "$(reached all 4 && echo 1000 || echo "some hundred") connections: bob's mount took $took ms"
done
[ "$slowest" -lt 5000 ] || fail "bob had to wait for $slowest ms"
eventually few
pkill -P $flood || :
kill $flood
active fuservicemountd.socket || fail "the socket is $(systemctl is-active fuservicemountd.socket)"
none() { [ "$(brokers)" = 0 ]; }
eventually none
nothing_failed
