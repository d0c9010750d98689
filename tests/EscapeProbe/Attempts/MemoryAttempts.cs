namespace EscapeProbe;

/// <summary>Memory with new code in it, and memory that others can reach.</summary>
internal static class MemoryAttempts
{
    private const int Page = 4096;
    private const int Low = (int)FixedDot.Address;
    private const int MapFixed = 0x10;
    private const int MoveFixed = 3;
    private const int Read = 1;
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int All7 = 7;
    private const int Private = 0x22;
    private const int PrivateFile = 2;
    private const int FutureWhenTouched = 6;

    public static IEnumerable<Attempt> All() =>
    [
        new("map memory for writing and executing", static () => Map(All7, Private, -1)),
        new("map memory for executing", static () => Map(ReadExecute, Private, -1)),
        new("make written memory executable", static () => MakeExecutable(X64Call.Mprotect)),
        new("make written memory executable with a key", static () => MakeExecutable(X64Call.PkeyMprotect)),
        new("execute a file of memory", static () => MapMemoryFile()),
        new("unmap low memory", X64Call.Munmap, Low, Page),
        new("write low memory", X64Call.Mprotect, Low, Page, ReadWrite),
        new("map over low memory", static () => Unmapped(RawCall.Number((int)X64Call.Mmap, Low, Page, ReadWrite, Private | MapFixed, -1, 0))),
        new("move memory to low memory", static () => Move(Low, 0)),
        new("move low memory away", static () => Move(0, Low)),
        Attempt.Making("make a file of memory", X64Call.MemfdCreate, "escape", 1),
        Attempt.Making("make secret memory", X64Call.MemfdSecret, 0),
        new("share memory of System V", static () => MakeSystemV(X64Call.Shmget, X64Call.Shmctl, Page)),
        new("make semaphores", static () => MakeSystemV(X64Call.Semget, X64Call.Semctl, 1)),
        new("make a message queue", static () => MakeSystemV(X64Call.Msgget, X64Call.Msgctl, 0x380)),
        Attempt.Making("make a POSIX message queue", X64Call.MqOpen, "fuservice-escape", 0x40, 0x180, 0),
        Attempt.Making("handle page faults itself", X64Call.Userfaultfd, 1),
        new("change a segment descriptor", X64Call.ModifyLdt, 0, new byte[64], 64),
        new("touch input and output ports", X64Call.Ioperm, 0x80, 1, 1),
        new("raise the input and output level", X64Call.Iopl, 0),
        new("lock memory", static () => Lock()),
        new("choose a memory node", X64Call.SetMempolicy, 0, 0, 0),
        new("ask what is in the page cache", X64Call.Cachestat, 0, new byte[16], new byte[40], 0),
        new("remap pages", X64Call.RemapFilePages, 0, 0, 0, 0, 0),
    ];

    /// <summary>From and to where the arguments say, or a page that is made for it.</summary>
    private static string Move(long to, long from)
    {
        long page = RawCall.Number((int)X64Call.Mmap, 0, Page, ReadWrite, Private, -1, 0);
        long moved = RawCall.Number((int)X64Call.Mremap, from == 0 ? page : from, Page, Page, MoveFixed, to == 0 ? page : to, 0);
        RawCall.Call((int)X64Call.Munmap, page, Page);
        return Unmapped(moved);
    }

    private static string Unmapped(long address)
    {
        if (address > 0)
        {
            RawCall.Call((int)X64Call.Munmap, address, Page);
        }

        return RawCall.Say(address);
    }

    private static string Map(int protection, int flags, int descriptor)
    {
        long address = RawCall.Number((int)X64Call.Mmap, 0, Page, protection, flags, descriptor, 0);
        return Unmapped(address);
    }

    private static string MakeExecutable(X64Call call)
    {
        long address = RawCall.Number((int)X64Call.Mmap, 0, Page, ReadWrite, Private, -1, 0);
        string result = address < 0 ? RawCall.Say(address) : RawCall.Call((int)call, address, Page, ReadExecute, -1);
        RawCall.Call((int)X64Call.Munmap, address, Page);
        return result;
    }

    /// <summary>The loader's way of getting code into a process; any open file does where no file of memory can be made.</summary>
    private static string MapMemoryFile()
    {
        long file = RawCall.Number((int)X64Call.MemfdCreate, "escape", 1);
        if (file >= 0)
        {
            RawCall.Call((int)X64Call.Ftruncate, (int)file, Page);
        }

        string result = Map(Read | 4, PrivateFile, (int)Math.Max(file, 0));
        RawCall.Closed(file);
        return result;
    }

    /// <summary>What is touched from now on, and at once no more.</summary>
    private static string Lock()
    {
        string result = RawCall.Call((int)X64Call.Mlockall, FutureWhenTouched);
        RawCall.Call((int)X64Call.Munlockall);
        return result;
    }

    private static string MakeSystemV(X64Call get, X64Call control, int size)
    {
        long id = get == X64Call.Msgget ? RawCall.Number((int)get, 0, size) : RawCall.Number((int)get, 0, size, 0x380);
        if (id >= 0)
        {
            _ = control == X64Call.Semctl ? RawCall.Call((int)control, (int)id, 0, 0) : RawCall.Call((int)control, (int)id, 0, 0, 0);
        }

        return RawCall.Say(id);
    }
}
