using Servers.Ext4.Server;
using ServiceHost;

return ServiceRunner.Run(args, new Ext4Service());
