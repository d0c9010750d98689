using ServiceHost.Linux;
using ServiceHost.MountProtocol;

namespace MountHelper;

/// <summary>The argument memfd of both dialects: TYPE [SOURCE] MOUNTPOINT [-o WORDS], sealed. Words to show, not paths to open.</summary>
internal static class ServiceArguments
{
    public static OwnedFd Make(MountPlan plan, IEnumerable<byte[]> words, out uint size)
    {
        List<byte[]> arguments = [System.Text.Encoding.ASCII.GetBytes(plan.Type.Name)];
        if (plan.SourceName is not null)
        {
            arguments.Add(plan.SourceName);
        }

        arguments.Add(plan.Target.Name);
        byte[] list = Join(words);
        if (list.Length > 0)
        {
            arguments.Add("-o"u8.ToArray());
            arguments.Add(list);
        }

        Errno errno = ArgumentMemfd.Create(arguments, out OwnedFd memfd, out size);
        return errno.IsOk ? memfd : throw new MountFailedException("cannot pass the options to the server", errno);
    }

    private static byte[] Join(IEnumerable<byte[]> words)
    {
        List<byte> list = [];
        foreach (byte[] word in words)
        {
            if (list.Count > 0)
            {
                list.Add((byte)',');
            }

            list.AddRange(word);
        }

        return [.. list];
    }
}
