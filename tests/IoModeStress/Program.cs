using System.Globalization;
using IoModeStress;

// iomode-stress DIRECTORY SEED THREADS OPERATIONS [busy]: with the last word ETXTBSY is legal for every file
string directory = args[0];
int seed = int.Parse(args[1], CultureInfo.InvariantCulture);
int threads = int.Parse(args[2], CultureInfo.InvariantCulture);
int operations = int.Parse(args[3], CultureInfo.InvariantCulture);

bool busyIsLegal = args is [.., "busy"];
Report report = new();
Thread[] workers =
[
    .. Enumerable.Range(0, threads).Select(i => new Thread(() => new Stress(directory, unchecked((seed * 1000) + i), busyIsLegal, report).Run(operations))),
];
Array.ForEach(workers, static worker => worker.Start());
Array.ForEach(workers, static worker => worker.Join());
report.Print(Console.Out);
return report.HasViolations ? 1 : 0;
