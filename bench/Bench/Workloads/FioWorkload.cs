using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bench.Workloads;

/// <summary>
/// A list of fio jobs, run one after the other by one fio. Files are read and written in place: they are there before, of their full size. fio
/// drops a file's pages from the cache of the filesystem under test before each job.
/// </summary>
internal sealed class FioWorkload
{
    private const int Files = 4;
    private readonly List<Job> _jobs = [];
    private readonly int _milliseconds;
    private readonly int _megabytes;

    /// <param name="milliseconds">Length of a job that is not to end with the file.</param>
    /// <param name="megabytes">Size of each file.</param>
    public FioWorkload(int milliseconds, int megabytes)
    {
        _milliseconds = milliseconds;
        _megabytes = megabytes;
    }

    private sealed record Job(string Name, string Mode, string BlockSize, bool IsDirect, int Processes, bool IsMapped, bool IsOnce)
    {
        public bool IsRead => Mode is "read" or "randread";

        public Figure Figure => Figure.Rate(Name, BlockSize == "4k" ? "k IOPS" : "MB/s");
    }

    public static FioWorkload ReadAndWrite(BenchOptions options)
    {
        FioWorkload fio = new(options.JobMilliseconds, options.IsQuick ? 32 : 128);
        foreach ((string mode, string size, string name) in new[]
            { ("randread", "4k", "4k randread"), ("randwrite", "4k", "4k randwrite"), ("read", "1M", "1M seqread"), ("write", "1M", "1M seqwrite") })
        {
            foreach (bool direct in new[] { false, true })
            {
                fio.Add(name, mode, size, direct, 1);
                fio.Add(name, mode, size, direct, 2);
            }
        }

        fio._jobs.Add(new Job("mmap read", "read", "1M", IsDirect: false, 1, IsMapped: true, IsOnce: false));
        return fio;
    }

    /// <summary>One more job.</summary>
    /// <param name="name">Beginning of the figure's name.</param>
    /// <param name="mode">fio's rw=.</param>
    /// <param name="blockSize">fio's bs=.</param>
    /// <param name="direct">O_DIRECT.</param>
    /// <param name="processes">fio's numjobs=.</param>
    /// <param name="once">To the end of the file and no further: what comes after it is in a cache.</param>
    public FioWorkload Add(string name, string mode, string blockSize, bool direct, int processes, bool once = false)
    {
        string plural = processes == 1 ? "job" : "jobs";
        _jobs.Add(new Job($"{name} {(direct ? "direct" : "buffered")} {processes} {plural}", mode, blockSize, direct, processes, IsMapped: false, once));
        return this;
    }

    public void MakeFiles(string folder)
    {
        byte[] block = new byte[1 << 20];
        new Random(1).NextBytes(block);
        for (int file = 0; file < Files; file++)
        {
            using FileStream stream = File.Create(Path.Combine(folder, $"fio.{file}"));
            for (int i = 0; i < _megabytes; i++)
            {
                stream.Write(block);
            }
        }
    }

    /// <summary>All jobs in one go.</summary>
    public void Run(string folder, Action<Figure, double> record) => Run(folder, _jobs, record);

    /// <summary>One fio for each job, with something to be done before.</summary>
    public void RunEach(string folder, Action before, Action<Figure, double> record)
    {
        foreach (Job job in _jobs)
        {
            before();
            Run(folder, [job], record);
        }
    }

    private void Run(string folder, List<Job> jobs, Action<Figure, double> record)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, Script(folder, jobs));
            using JsonDocument answer = JsonDocument.Parse(JsonIn(Shell.Run("fio", "--output-format=json", script)));
            foreach (JsonElement element in answer.RootElement.GetProperty("jobs").EnumerateArray())
            {
                Job job = jobs.Single(candidate => candidate.Name == element.GetProperty("jobname").GetString());
                JsonElement side = element.GetProperty(job.IsRead ? "read" : "write");
                double value = job.BlockSize == "4k" ? side.GetProperty("iops").GetDouble() / 1000 : side.GetProperty("bw_bytes").GetDouble() / 1e6;
                record(job.Figure, value);
            }
        }
        finally
        {
            File.Delete(script);
        }
    }

    private string Script(string folder, List<Job> jobs)
    {
        StringBuilder script = new();
        script.Append(CultureInfo.InvariantCulture, $"[global]\ndirectory={folder}\nsize={_megabytes}M\nfallocate=none\ngroup_reporting=1\nthread=1\n");
        foreach (Job job in jobs)
        {
            script.Append(CultureInfo.InvariantCulture, $"[{job.Name}]\nstonewall\nnew_group\nrw={job.Mode}\nbs={job.BlockSize}\ndirect={(job.IsDirect ? 1 : 0)}\n");
            script.Append(CultureInfo.InvariantCulture, $"ioengine={(job.IsMapped ? "mmap" : "psync")}\nnumjobs={job.Processes}\nfilename_format=fio.$jobnum\n");
            if (!job.IsOnce)
            {
                script.Append(CultureInfo.InvariantCulture, $"time_based=1\nruntime={_milliseconds}ms\n");
            }
        }

        return script.ToString();
    }

    // fio may warn before it answers.
    private static string JsonIn(string output)
    {
        int start = output.IndexOf('{', StringComparison.Ordinal);
        return start >= 0 ? output[start..] : throw new BenchException($"fio gave no figures: {output.Trim()}");
    }
}
