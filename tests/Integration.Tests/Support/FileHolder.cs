using System.Diagnostics;

namespace Integration.Tests.Support;

/// <summary>
/// A process that has a file open, and reads one range of it and writes another when it is told to: with bare system calls, none of which the
/// server of the file has to answer. It has written a byte by then: before the first write of all the kernel asks for security.capability.
/// </summary>
internal sealed class FileHolder : IDisposable
{
    private const string Program = """
        $| = 1;
        sysopen(my $file, $ARGV[0], 2) or die "open: $!";
        sysread($file, my $first, 1) == 1 or die "first read: $!";
        sysseek($file, 0, 0);
        syswrite($file, $first) == 1 or die "first write: $!";
        print "open\n";
        <STDIN>;
        sysseek($file, $ARGV[1], 0);
        my $size = sysread($file, my $data, $ARGV[2]);
        defined $size or die "read: $!";
        sysseek($file, $ARGV[3], 0);
        syswrite($file, "w" x $ARGV[4]) == $ARGV[4] or die "write: $!";
        print unpack("%32C*", $data) . "\n";
        <STDIN>;
        """;

    private readonly Process _process;

    public FileHolder(string path, int uid, FileRange read, FileRange write)
    {
        string[] user = uid == 0 ? [] : ["setpriv", $"--reuid={uid}", $"--regid={uid}", "--clear-groups"];
        string[] command = [.. user, "perl", "-e", Program, path, $"{read.Start}", $"{read.Length}", $"{write.Start}", $"{write.Length}"];
        _process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (_process.StandardOutput.ReadLine() != "open")
        {
            string why = _process.StandardError.ReadToEnd();
            Dispose();
            Assert.Fail($"{path} was not opened: {why}");
        }
    }

    /// <summary>Reads and writes; the sum of the bytes that were read.</summary>
    public async Task<string?> Go(CancellationToken cancelled)
    {
        await _process.StandardInput.WriteLineAsync();
        return await _process.StandardOutput.ReadLineAsync(cancelled).AsTask().WaitAsync(Wait.Patience, cancelled);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

/// <summary>Bytes of a file.</summary>
internal readonly record struct FileRange(int Start, int Length);
