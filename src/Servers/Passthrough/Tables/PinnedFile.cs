using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>An open file that cannot be closed until the end of the using block.</summary>
internal ref struct PinnedFile(HandleTable table, OpenFile? file)
{
    private OpenFile? _file = file;

    public readonly bool IsFound => _file is not null;

    public readonly OpenFile File => _file ?? throw new InvalidOperationException("The handle was not found.");

    public readonly Fd Fd => File.Fd.Borrow();

    public void Dispose()
    {
        if (_file is OpenFile file)
        {
            _file = null;
            table.Unpin(file);
        }
    }
}
