namespace ServiceHost.MountProtocol;

/// <summary>The first four bytes of a packet: ASCII letters read as a big-endian number.</summary>
public enum Tag : uint
{
    // The own dialect.
    Hello = 0x4845_4C4F,        // HELO
    HelloReply = 0x4F4C_4548,   // OLEH
    Arguments = 0x4152_4756,    // ARGV
    Role = 0x524F_4C45,         // ROLE
    Grant = 0x4752_4E54,        // GRNT
    Mount = 0x4D4E_5452,        // MNTR
    Mounted = 0x4D4E_5444,      // MNTD
    Note = 0x4E4F_5445,         // NOTE
    Attested = 0x4154_5354,     // ATST
    Goodbye = 0x4742_5945,      // GBYE
    Done = 0x444F_4E45,         // DONE

    // The broker's.
    BrokerMount = 0x4252_4B4D,   // BRKM
    BrokerUnmount = 0x4252_4B55, // BRKU
    BrokerAnswer = 0x4252_4B41,  // BRKA

    // Between a server and its keeper, which also say HELO, OLEH and GBYE.
    KeeperAssignment = 0x4B45_4550, // KEEP
    KeeperRegister = 0x5245_4749,   // REGI
    KeeperRelease = 0x5245_4C53,    // RELS
    KeeperAnswer = 0x414E_5357,     // ANSW

    // v1.
    V1Hello = 0x5341_4654,      // SAFT
    V1HelloReply = 0x4C41_5354, // LAST
    V1File = 0x4649_4C45,       // FILE
    V1Open = 0x4F50_454E,       // OPEN
    V1OpenBlock = 0x4244_4556,  // BDEV
    V1Fsopen = 0x5459_5045,     // TYPE
    V1Source = 0x4E41_4D45,     // NAME
    V1Mountpoint = 0x4D4E_5450, // MNTP
    V1Options = 0x4F50_5453,    // OPTS
    V1MtabOptions = 0x4D54_4142, // MTAB
    V1Mount = 0x444F_4954,      // DOIT
    V1Reply = 0x5245_504C,      // REPL
    V1Goodbye = 0x4259_4545,    // BYEE

    // The head of the argument memfd in both.
    ArgumentMemfd = 0x4152_4753, // ARGS
}
