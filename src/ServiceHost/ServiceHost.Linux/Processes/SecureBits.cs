namespace ServiceHost.Linux;

/// <summary>securebits of a thread (SECBIT_*); a locked bit cannot change again, not even by exec.</summary>
[Flags]
public enum SecureBits
{
    None = 0,

    /// <summary>uid 0 gets nothing from an exec.</summary>
    NoRoot = 1 << 0,
    NoRootLocked = 1 << 1,
    NoSetuidFixup = 1 << 2,
    NoSetuidFixupLocked = 1 << 3,
    KeepCaps = 1 << 4,
    KeepCapsLocked = 1 << 5,
    NoAmbientRaise = 1 << 6,
    NoAmbientRaiseLocked = 1 << 7,
}
