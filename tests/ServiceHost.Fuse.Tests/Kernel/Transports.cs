namespace ServiceHost.Fuse.Tests.Kernel;

// What the kernel does must not depend on the way by which it asks: the same tests over both transports.
public sealed class FileOperationsOverDeviceTests() : FileOperationTests(rings: false);

public sealed class FileOperationsOverRingsTests() : FileOperationTests(rings: true);

public sealed class NameOperationsOverDeviceTests() : NameOperationTests(rings: false);

public sealed class NameOperationsOverRingsTests() : NameOperationTests(rings: true);

public sealed class NotificationsOverDeviceTests() : NotificationTests(rings: false);

public sealed class NotificationsOverRingsTests() : NotificationTests(rings: true);

public sealed class LocksAndInterruptsOverDeviceTests() : LockAndInterruptTests(rings: false);

public sealed class LocksAndInterruptsOverRingsTests() : LockAndInterruptTests(rings: true);

public sealed class SessionLifeOverDeviceTests() : SessionLifeTests(rings: false);

public sealed class SessionLifeOverRingsTests() : SessionLifeTests(rings: true);
