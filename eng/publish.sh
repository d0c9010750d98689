#!/bin/bash
# Publishes the Native AOT executables flat into OUTDIR.
#
#   eng/publish.sh OUTDIR
#
# net10.0 where its runtime pack can be restored, else net9.0 (same SDK, same code). Any trim or AOT warning is an error.
set -euo pipefail

die() { echo "publish.sh: $*" >&2; exit 1; }

[ $# -eq 1 ] || die "usage: eng/publish.sh OUTDIR"
mkdir -p "$1"
outdir=$(realpath "$1")
cd "$(dirname "$0")/.."
command -v gcc >/dev/null || die "gcc is missing (it links the executables): apt-get install gcc libc6-dev"

projects=(
  src/MountHelper/fuservicemount/fuservicemount.csproj
  src/MountHelper/fuservicemountd/fuservicemountd.csproj
  src/MountHelper/Keeper/Keeper.csproj
  src/Servers/Passthrough/Passthrough.csproj
  src/Servers/Ext4.Server/Ext4.Server.csproj
)

# Asked with an empty project of its own, so that a refusal leaves no half-restored state in the tree.
net10_restores() {
  local probe rc=0
  probe=$(mktemp -d)
  cat >"$probe/probe.csproj" <<'PROBE'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <PublishAot>true</PublishAot>
  </PropertyGroup>
</Project>
PROBE
  dotnet restore "$probe/probe.csproj" -v quiet >/dev/null 2>&1 || rc=$?
  rm -rf "$probe"
  return $rc
}

if [ -n "${AOT_FRAMEWORK:-}" ]; then
  framework=$AOT_FRAMEWORK
elif net10_restores; then
  framework=net10.0
else
  framework=net9.0
  echo "publish.sh: the net10.0 Native AOT runtime pack cannot be restored here: publishing for net9.0"
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
for project in "${projects[@]}"; do
  log=$stage/log
  if ! dotnet publish "$project" -c Release -p:NativeAot=true -p:AotFramework="$framework" \
      -o "$stage/out" -v quiet -nologo >"$log" 2>&1; then
    cat "$log" >&2
    die "publishing $project failed"
  fi
  # Trim and AOT warnings are errors already; this also catches the linker's.
  if grep -qi 'warning' "$log"; then
    cat "$log" >&2
    die "publishing $project gave warnings"
  fi
done

# Symbols stay out: what ships is the executables.
find "$stage/out" -maxdepth 1 -type f -perm -u+x ! -name '*.dbg' -exec install -m 0755 -t "$outdir" {} +
echo "publish.sh: $framework Native AOT in $outdir: $(cd "$outdir" && echo *)"
