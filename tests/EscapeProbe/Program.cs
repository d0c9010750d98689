using EscapeProbe;
using ServiceHost;

return ServiceRunner.Run(args, new ProbeService());
