using MountHelper;
using MountHelper.Grants;
using MountHelper.Registry;
using ServiceHost.Linux;

namespace GrantProbe;

/// <summary>allocate REGISTRY COUNT TIMES [hold]: prints ranges; "hold" keeps the entries while it waits for its standard input to end.</summary>
internal static class AllocateCommand
{
    internal static int Run(string[] arguments)
    {
        if (!MountRegistry.TryOpen(out MountRegistry? registry, out GrantRefusal? refusal, arguments[0]))
        {
            Output.Line($"refused: {refusal}");
            return 1;
        }

        using (registry)
        {
            List<MountReservation> held = [];
            for (int i = 0; i < int.Parse(arguments[2]); i++)
            {
                if (!registry.TryReserve(uint.Parse(arguments[1]), Probe.Soon, out MountReservation? reservation, out refusal))
                {
                    Output.Line($"refused: {refusal}");
                    return 1;
                }

                Output.Line($"range: {reservation.Range.Base} {reservation.Range.Count}");
                held.Add(reservation);
            }

            if (arguments.Length > 3)
            {
                Span<byte> end = stackalloc byte[1];
                Libc.Read(new Fd(0), end, out _);
            }

            held.ForEach(static reservation => reservation.Dispose());
        }

        return 0;
    }
}
