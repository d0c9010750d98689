using System.Runtime.InteropServices;

namespace ServiceHost.Linux;

/// <summary>
/// What a forked child does, as a list of system calls prepared by the parent. After fork a .NET process may not run .NET: the
/// collector, the finalizer thread and every lock they held are gone or frozen. So the child runs one loop over this list, whose
/// every argument already lies in unmanaged memory, and ends in exec, in a pause, or in an error record on the status pipe.
/// <para>
/// The order is the caller's, and these rules were learned the hard way: join the namespace before setting ids (they are EPERM
/// before); drop the bounding set after joining (joining fills it again) and before capset (EPERM after it); a parent-death
/// signal after the last change of credentials (each change clears it).
/// </para>
/// </summary>
public sealed unsafe partial class ChildProgram : IDisposable
{
    private readonly List<ChildInstruction> _instructions = [];
    private readonly List<nint> _allocations = [];
    private readonly OwnedFd _statusRead;
    private readonly OwnedFd _statusWrite;
    private bool _disposed;

    private ChildProgram(OwnedFd statusRead, OwnedFd statusWrite) => (_statusRead, _statusWrite) = (statusRead, statusWrite);

    /// <summary>An empty program with its status pipe, whose child end has a number of at least <paramref name="firstOwn"/>.</summary>
    public static Errno Create(int firstOwn, out ChildProgram program)
    {
        program = null!;
        Errno errno = Libc.Pipe(out OwnedFd read, out OwnedFd write);
        if (errno.IsError)
        {
            return errno;
        }

        using (write)
        {
            errno = Libc.DuplicateAbove(write, firstOwn, out OwnedFd placed);
            if (errno.IsError)
            {
                read.Dispose();
                return errno;
            }

            program = new ChildProgram(read, placed);
            return Errno.None;
        }
    }

    internal int Count => _instructions.Count;

    internal int StatusNumber => _statusWrite.Number;

    internal OwnedFd StatusRead => _statusRead;

    internal OwnedFd StatusWrite => _statusWrite;

    /// <summary>Copies the list to where the child reads it. Valid until Dispose.</summary>
    internal ChildInstruction* Seal()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ChildInstruction* code = (ChildInstruction*)Allocate((nuint)(_instructions.Count * sizeof(ChildInstruction)));
        for (int i = 0; i < _instructions.Count; i++)
        {
            code[i] = _instructions[i];
        }

        return code;
    }

    public void Dispose()
    {
        _disposed = true;
        _statusRead.Dispose();
        _statusWrite.Dispose();
        foreach (nint allocation in _allocations)
        {
            NativeMemory.Free((void*)allocation);
        }

        _allocations.Clear();
    }

    private void Add(ChildStep step, int number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0) =>
        _instructions.Add(new ChildInstruction { Step = step, Number = number, A = a, B = b, C = c, D = d, E = e, F = f });

    private void* Allocate(nuint size)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        void* block = NativeMemory.AllocZeroed(Math.Max(size, 1));
        _allocations.Add((nint)block);
        return block;
    }

    private byte* Copy(ReadOnlySpan<byte> bytes)
    {
        byte* block = (byte*)Allocate((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(block, bytes.Length));
        return block;
    }

    private byte** CopyVector(IReadOnlyList<string> strings)
    {
        byte** vector = (byte**)Allocate((nuint)((strings.Count + 1) * sizeof(byte*)));
        for (int i = 0; i < strings.Count; i++)
        {
            vector[i] = Copy(CString.Allocate(strings[i]));
        }

        return vector;
    }
}
