using Servers.Passthrough;
using ServiceHost;

return ServiceRunner.Run(args, new PassthroughService());
