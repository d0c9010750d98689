using MountHelper.Keeper;
using ServiceHost.Linux;

const int success = 0;
const int failure = 1;

Libc.OccupyStandardStreams();
Libc.IgnoreBrokenPipes();
try
{
    OwnRights.Ensure();
    Libc.SetThreadName(CString.FromTerminated("fuservice-keeper\0"u8));
    using KeptMount? mount = Assignment.Receive();
    if (mount is null)
    {
        Log.Write("the mount was given up");
        return success;
    }

    OwnRights.Close(mount.Device);
    using Conversation conversation = new(mount);
    conversation.Run();
    return success;
}
catch (KeeperException refusal)
{
    Log.Write(refusal.Message);
    return failure;
}
catch (Exception unexpected)
{
    // The one catch-all: a bug of ours. The mount goes on without a keeper.
    Log.Write($"internal error: {unexpected}");
    return failure;
}
