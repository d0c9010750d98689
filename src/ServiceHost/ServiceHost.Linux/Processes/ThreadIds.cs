namespace ServiceHost.Linux;

/// <summary>Real, effective, saved and filesystem ids of the calling thread, by raw calls.</summary>
public sealed unsafe record ThreadIds(IReadOnlyList<uint> Uids, IReadOnlyList<uint> Gids)
{
    public uint Effective => Uids[1];

    public uint EffectiveGroup => Gids[1];

    public static ThreadIds Read()
    {
        uint* ids = stackalloc uint[6];
        new Span<uint>(ids, 6).Fill(uint.MaxValue);
        SystemCall.Call(SystemCallNumber.Getresuid, (nint)ids, (nint)(ids + 1), (nint)(ids + 2));
        SystemCall.Call(SystemCallNumber.Getresgid, (nint)(ids + 3), (nint)(ids + 4), (nint)(ids + 5));
        return new ThreadIds([ids[0], ids[1], ids[2]], [ids[3], ids[4], ids[5]]);
    }

    public bool AllUidsAre(uint uid) => Uids.All(id => id == uid);

    public bool AllGidsAre(uint gid) => Gids.All(id => id == gid);

    public override string ToString() => $"uids {string.Join(' ', Uids)}, gids {string.Join(' ', Gids)}";
}
