#!/bin/bash
# Runs under eng/systemd-namespace.sh: mounts the probe, and shows what it says, each file below its name.
set -euo pipefail
folder=/run/escape mountpoint=/run/probe
mkdir -m 0777 "$folder"
mkdir "$mountpoint"
install -m 0666 /dev/null "$folder/file"
sleep infinity &
victim=$!
echo "== mount"
fuservicemount -v -t probe escape "$mountpoint" -o "battery,folder=$folder,victim=$victim" 2>&1
for file in main pool finalizer worker descriptors threads memory hello; do
  echo "== $file"
  cat "$mountpoint/$file"
done
umount "$mountpoint"
kill "$victim"
echo "== end"
