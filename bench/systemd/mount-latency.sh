#!/bin/bash
# Runs inside eng/systemd-namespace.sh: prints "latency NAME MILLISECONDS", from the exec of mount to the first successful stat, for our units,
# for the same without a keeper, and, where the files of a peer are beside this script, for libfuse's service_ll in its unit. One of each in turn: what
# disturbs the machine disturbs them alike.
set -euo pipefail
here=/ci/scripts
runs=$(cat "$here/runs")
running() { systemctl list-units --no-legend --plain --state=active,activating,deactivating "*service_ll@*" 'fuservice-*@*' | grep -q .; }

measure() { # NAME PROBE ARGUMENTS of mount...
  local name=$1 probe=$2 began ended
  shift 2
  began=$(date +%s%N)
  mount "$@" /mnt/test
  stat "/mnt/test/$probe" >/dev/null
  ended=$(date +%s%N)
  # The first one pays for what is read from disk.
  [ "$i" = 0 ] || awk -v name="$name" -v ns=$((ended - began)) 'BEGIN { printf "latency %s %.3f\n", name, ns / 1e6 }'
  umount /mnt/test
  # The end of a server and of its keeper belongs to their own mount, not to the next one.
  while running; do sleep 0.05; done
}

mkdir -p /ci/source
mount -t tmpfs tmpfs /ci/source
touch /ci/source/file

device=
if [ -e "$here/peer" ]; then
  { read -r program; read -r helper; } <"$here/peer"
  mkdir -p /ci/peer
  # The unit sees an empty /root, /home and /tmp, wherever the peer was built.
  cp -L "$program" /ci/peer/service_ll
  for library in $(ldd "$program" | awk '/libfuse/ { print $3 }'); do
    cp -L "$library" /usr/lib/
  done
  ldconfig
  cp "$here/service_ll@.service" /etc/systemd/system/
  cat >/etc/systemd/system/service_ll.socket <<'UNIT'
[Socket]
ListenSequentialPacket=/run/filesystems/service_ll
Accept=yes
SocketMode=0220
RemoveOnStop=yes
UNIT
  systemctl daemon-reload
  systemctl start service_ll.socket
  ln -sf "$helper" /sbin/mount.fuse
  truncate -s 1M /ci/device
  device=$(losetup --find --show /ci/device)
  trap 'losetup -d "$device"' EXIT
fi

for ((i = 0; i <= runs; i++)); do
  measure ours file -t fuse.passthrough /ci/source
  measure no-keeper file -t fuse.passthrough -o passthrough=never /ci/source
  [ -z "$device" ] || measure service_ll single_file -t fuse.service_ll "$device"
done
