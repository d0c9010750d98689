using ServiceHost.Fuse;
using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>One try at a LOOKUP; ENFILE when there is no room.</summary>
internal delegate Errno LookupAttempt(NodeId parent, CString name, out FuseEntryOut entry);
