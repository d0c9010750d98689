#!/bin/bash
# Takes every rule of the Mounter and of the keeper out in turn and expects every case that names it to fail. Long mode: some twenty minutes.
#
#   sudo eng/rule-mutation.sh            all rules
#   sudo eng/rule-mutation.sh RULE...    these
#   eng/rule-mutation.sh --check         only whether each patch finds its place; the default test run does this
#
# Works on a scratch copy, which it patches once so that one rule, named in a file, does not hold, and builds once. Most rules are checks
# and go through Rule.IsBrokenBy; a rule that holds because of how the code is built has a patch of its own here. A patch that finds no
# place any more ends the script: then the table below is out of date.
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/common.sh
check=false
[ "${1:-}" != --check ] || check=true
if ! $check; then
  require_root "$@"
  require_dotnet
  require_fuse
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if $check; then
  tar --create --exclude=bin --exclude=obj src | tar --extract --directory="$scratch"
else
  git ls-files -z | tar --null --files-from=- --create | tar --extract --directory="$scratch"
fi
# A case runs the helper as an ordinary user, who has to be able to read which rule is out.
chmod 755 "$scratch"
cd "$scratch"
mounter=src/MountHelper/Mounter
keeper=src/MountHelper/Keeper

# patch FILE OLD NEW: OLD must stand in FILE exactly once.
patch() {
  FILE=$1 OLD=$2 NEW=$3 perl -0777 -i -pe '
    my $count = () = /\Q$ENV{OLD}\E/g;
    die "rule-mutation.sh: $ENV{FILE} has $count places like: $ENV{OLD}\n" if $count != 1;
    s/\Q$ENV{OLD}\E/$ENV{NEW}/' "$1"
}

# out RULE: a C# condition that is true while the rule is taken out.
out() { printf 'ServiceHost.Linux.Mutation.Takes("%s")' "$1"; }

cat >src/ServiceHost/ServiceHost.Linux/Mutation.cs <<CSHARP
namespace ServiceHost.Linux;

public static class Mutation
{
    private static readonly string s_rule =
        ProcFile.Read("$scratch/rule\0"u8, out byte[] text).IsOk ? System.Text.Encoding.ASCII.GetString(text) : "";

    public static bool Takes(string rule) => rule == s_rule;
}
CSHARP

patch $mounter/Rules/Rule.cs 'IsBrokenBy(bool finding) => finding;' \
  'IsBrokenBy(bool finding) => finding && !ServiceHost.Linux.Mutation.Takes(Id);'

patch $mounter/Sources/PinnedSource.cs 'CString.FromTerminated(DescriptorPath.Link(Handle.Number)), flags' \
  "CString.FromTerminated($(out source-is-pinned) ? [.. Name, 0] : DescriptorPath.Link(Handle.Number)), flags"
patch $mounter/Service/Own/RoleGranter.cs 'Source = source.Handle,' \
  "Source = $(out source-is-pinned) && PinnedSource.Pin(source.Name, out PinnedSource? again).IsOk ? again!.Handle : source.Handle,"
patch $mounter/PendingMount.cs '_mount.TryAttach(_plan.Target.Handle, out refusal)' \
  "_mount.TryAttach($(out mountpoint-is-pinned) ? MountTarget.Pin(_plan.Target.Name).Handle : _plan.Target.Handle, out refusal)"
patch $mounter/PendingMount.cs 'pending.CheckDisk(disk);' \
  "pending.CheckDisk(disk); _ = $(out attach-is-last) && mount.TryAttach(plan.Target.Handle, out _);"
patch $mounter/Service/V1/V1Session.Mount.cs 'PendingMount.Create(plan, request, device, ' \
  "PendingMount.Create(plan, request, $(out mount-call-cannot-wait) ? _serversDevice! : device, "
patch $mounter/Service/V1/V1Session.Mount.cs 'FuseDevice.Bind(_serversDevice!, device);' \
  "if (!$(out mount-call-cannot-wait)) FuseDevice.Bind(_serversDevice!, device);"
patch src/ServiceHost/ServiceHost.MountProtocol/DisplayText.cs 'StringBuilder text = new(bytes.Length);' \
  "if ($(out text-is-harmless)) return Encoding.UTF8.GetString(bytes); StringBuilder text = new(bytes.Length);"
patch $mounter/Rules/MountFailure.cs '{ get; init; } = MountHelper.ExitCode.Failure;' \
  "{ get; init; } = $(out exit-code-is-never-two) ? 2 : MountHelper.ExitCode.Failure;"
patch src/MountHelper/fuservicemount/Program.cs 'Libc.OccupyStandardStreams();' \
  "if (!$(out standard-streams-are-open)) Libc.OccupyStandardStreams();"
patch src/MountHelper/fuservicemount/CleanStart.cs 'if (errno.IsOk && !clean)' \
  "if (errno.IsOk && !clean && !$(out environment-is-empty))"
patch $mounter/Mounter.cs 'Deadline.In(plan.Options.Timeout)' \
  "Deadline.In($(out one-deadline) ? TimeSpan.FromHours(1) : plan.Options.Timeout)"
patch $mounter/Service/Conversation.cs '(Rule? rule, string problem, string? advice) = errno switch' \
  "if ($(out ends-with-goodbye) && errno != Errno.ETIMEDOUT) Environment.Exit(0); (Rule? rule, string problem, string? advice) = errno switch"
patch $mounter/Service/Conversation.cs '_socket.Receive(Limits.PacketBytes, 0,' \
  "_socket.Receive($(out packets-are-bounded) ? 1 << 20 : Limits.PacketBytes, $(out server-sends-no-descriptors) ? 16 : 0,"
patch $mounter/Service/ServiceConnector.cs 'SeqpacketOptions.RefuseDescriptors |' \
  "($(out server-sends-no-descriptors) ? 0 : SeqpacketOptions.RefuseDescriptors) |"
patch $mounter/Service/StopRequest.cs '=> plan.Stop is null ?' "=> plan.Stop is null || $(out signals-roll-back) ?"
patch $mounter/Service/StopRequest.cs 'if (plan.Stop is not null &&' "if (!$(out signals-roll-back) && plan.Stop is not null &&"
patch $mounter/Service/Own/OwnSession.cs 'throw OutOfPlace(tag, packet.Length);' \
  "if ($(out messages-come-in-order)) return false; throw OutOfPlace(tag, packet.Length);"
patch $mounter/Service/V1/V1MountFlags.cs 'VfsFlags flags = callers;' \
  "VfsFlags flags = $(out v1-flags-only-restrict) ? VfsFlags.None : callers;"
patch $mounter/Sources/SourceOpener.cs 'writable = !plan.Options.ReadOnly;' \
  "writable = !plan.Options.ReadOnly || $(out read-only-means-read-only);"
patch $mounter/Sources/SourceOpener.cs 'policy.FindRole(role);' \
  "policy.FindRole(role) ?? ($(out roles-are-assigned) ? new PolicyEntry(role, plan.SourceName!, true) : null);"

patch $keeper/Rules/KeeperRule.cs 'IsBrokenBy(bool finding) => finding;' \
  'IsBrokenBy(bool finding) => finding && !ServiceHost.Linux.Mutation.Takes(Id);'
patch $keeper/Conversation.cs 'HandToCloser(file);' \
  "if ($(out closing-stalls-nobody)) file.Close(); else HandToCloser(file);"
patch $keeper/Conversation.cs '_files.ReleaseAll(s_releasing);' "if (!$(out ids-end)) _files.ReleaseAll(s_releasing);"
patch $keeper/OwnRights.cs 'if (ProcessIdentity.EffectiveUid == 0)' "if (ProcessIdentity.EffectiveUid == 0 && !$(out user-is-its-own))"
patch $keeper/OwnRights.cs 'errno : Libc.LoadFilter(' "errno : $(out calls-are-filtered) ? Errno.None : Libc.LoadFilter("
patch src/ServiceHost/ServiceHost.Linux/Credentials/KeptRights.cs 'errno = capability == kept ?' \
  "errno = capability == kept || $(out one-capability) ?"

! $check || exit 0

say "building the scratch copy"
dotnet build tests/MountHelper.Tests -v quiet -nologo >build.log 2>&1 && dotnet build tests/Keeper.Tests -v quiet -nologo >build.log 2>&1 || { cat build.log >&2; die "the scratch copy does not build"; }
for project in src/MountHelper/fuservicemount src/MountHelper/fuservicemountd src/MountHelper/Keeper src/Servers/Passthrough; do
  dotnet publish "$project" -c Release -p:NativeAot=true -o bin -v quiet -nologo >build.log 2>&1 ||
    { cat build.log >&2; die "the scratch copy of $project does not publish"; }
done
export FUSERVICE_BIN=$scratch/bin
rules_of() { grep -ohP '^\s+"\K[a-z0-9-]+(?=", ")' "$1"/Rules/*Rule.*.cs | sort; }
mapfile -t of_keeper < <(rules_of $keeper)

# cases_of RULE: the test project that has them.
cases_of() {
  local project=MountHelper.Tests rule
  for rule in "${of_keeper[@]}"; do [ "$rule" != "$1" ] || project=Keeper.Tests; done
  echo tests/$project/bin/Debug/net*/$project.dll
}

# run RULE...: the cases that name one of them, all of one project, in a namespace like test.sh's; sets failed and total. Not those of the long mode: their
# verdict is a time.
run() {
  local rule traits=(-trait- Mode=long)
  for rule in "$@"; do traits+=(-trait "Rule=$rule"); done
  unshare --mount --propagation private --pid --fork --kill-child --mount-proc eng/test-namespace.sh \
    dotnet exec "$(cases_of "$1")" "${traits[@]}" -preEnumerateTheories -noLogo -noColor -xml run.xml >run.log 2>&1 || true
  total=$(sed -nE 's/.*Total: ([0-9]+),.*/\1/p' run.log | tail -n 1)
  failed=$(sed -nE 's/.*Failed: ([0-9]+),.*/\1/p' run.log | tail -n 1)
  [ -n "$total" ] || { cat run.log >&2; die "the cases of $* did not run"; }
}

[ $# -gt 0 ] && rules=("$@") ||
  mapfile -t rules < <(rules_of $mounter && rules_of $keeper)
: >rule
for project in MountHelper.Tests Keeper.Tests; do
  together=()
  for rule in "${rules[@]}"; do [[ $(cases_of "$rule") != */$project.dll ]] || together+=("$rule"); done
  [ ${#together[@]} -gt 0 ] || continue
  run "${together[@]}"
  [ "$failed" = 0 ] || { cat run.log >&2; die "cases fail with all rules in place"; }
  say "$total cases, all pass with all rules in place"
done
survivors=0
printf '%-40s %s\n' rule 'cases failing without it'
for rule in "${rules[@]}"; do
  printf '%s' "$rule" >rule
  run "$rule"
  [ "$total" -gt 0 ] || die "no case names the rule $rule"
  printf '%-40s %s of %s\n' "$rule" "$failed" "$total"
  survivors=$((survivors + total - failed))
  perl -nle 'for (/<test [^>]*result="Pass"[^>]*>/g) { print "    passes without it: $1" if / name="([^"]*)"/ }' run.xml
done
echo "${#rules[@]} rules taken out, $survivors of their cases did not notice"
[ "$survivors" = 0 ]
