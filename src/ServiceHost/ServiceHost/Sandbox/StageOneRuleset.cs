using ServiceHost.Connection;
using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace ServiceHost.Sandbox;

/// <summary>
/// The Landlock rules of a server: the directories it was granted, and the files that its exec opens. A server without a directory
/// can open nothing but its own program again.
/// </summary>
internal static class StageOneRuleset
{
    /// <summary>Null on a kernel without Landlock; stage 2 then finds out that it is missing and does not serve.</summary>
    public static Errno Make(OwnedFd executable, IEnumerable<GrantedDescriptors> roles, out LandlockRuleset? ruleset)
    {
        Errno errno = LandlockRuleset.Create(out ruleset);
        if (ruleset is null)
        {
            return errno == Errno.ENOSYS || errno == Errno.EOPNOTSUPP ? Errno.None : errno;
        }

        errno = AllowProgram(ruleset, executable);
        foreach (GrantedDescriptors role in roles)
        {
            errno = errno.IsError ? errno : AllowDirectory(ruleset, role);
        }

        return errno;
    }

    /// <summary>The kernel opens the program and its loader to execute them, the loader opens the libraries to read them.</summary>
    public static Errno AllowProgram(LandlockRuleset ruleset, OwnedFd executable)
    {
        const LandlockAccess start = LandlockAccess.Execute | LandlockAccess.ReadFile;
        Errno errno = ruleset.Allow(executable, start);
        if (errno.IsError)
        {
            return errno;
        }

        errno = LoadedLibraries.Open(out List<OwnedFd> libraries);
        foreach (OwnedFd library in libraries)
        {
            using (library)
            {
                errno = errno.IsError ? errno : ruleset.Allow(library, start);
            }
        }

        return errno;
    }

    /// <summary>Both clones have the same root, so one rule serves both. A file or device needs none: its descriptor is open.</summary>
    private static Errno AllowDirectory(LandlockRuleset ruleset, GrantedDescriptors role)
    {
        if (role.Grant.Kind != SourceKinds.Directory)
        {
            return Errno.None;
        }

        OwnedFd? root = role.Find(GrantFlags.RwClone) ?? role.Find(GrantFlags.RoClone) ?? role.Find(GrantFlags.File);
        return root is null
            ? Errno.None
            : ruleset.Allow(root, role.Grant.Access == SourceAccess.ReadWrite ? LandlockAccess.Serving : LandlockAccess.Reading);
    }
}
