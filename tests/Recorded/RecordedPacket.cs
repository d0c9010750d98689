namespace ServiceHost.Recorded;

internal sealed record RecordedPacket(bool FromHelper, byte[] Bytes, bool HasFd);
