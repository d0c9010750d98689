using ServiceHost.Linux;

namespace ServiceHost.Sandbox;

/// <summary>
/// Namespaces differ from the Mounter's, who tells its own in the conversation. A number that is not known cannot be compared, and
/// over v1 none is.
/// </summary>
internal static class NamespaceChecks
{
    public static void Check(AttestationExpectation expected, AttestationFiles files, PropertyReport report)
    {
        NamespaceIds own = NamespaceIds.Read(files.Descriptors, "../");
        NamespaceIds mounter = expected.Mounter;
        Compare(expected.UserNamespaceProperty, own.User, mounter.User, report);
        Compare(ContainmentProperty.MountNamespace, own.Mount, mounter.Mount, report);
        Compare(ContainmentProperty.NetworkNamespace, own.Network, mounter.Network, report);
        Compare(ContainmentProperty.IpcNamespace, own.Ipc, mounter.Ipc, report);
        Compare(ContainmentProperty.UtsNamespace, own.Uts, mounter.Uts, report);
    }

    private static void Compare(ContainmentProperty property, uint own, uint mounter, PropertyReport report)
    {
        if (mounter != 0)
        {
            report(property, own != 0 && own != mounter, own == 0 ? "it cannot be read" : "it is the mounter's");
        }
    }
}
