namespace ServiceHost.Linux;

/// <summary>One system call of a <see cref="ChildProgram"/>, laid out in unmanaged memory before the fork.</summary>
internal struct ChildInstruction
{
    internal ChildStep Step;
    internal int Number;
    internal nint A;
    internal nint B;
    internal nint C;
    internal nint D;
    internal nint E;
    internal nint F;

    /// <summary>Remember the result (a new descriptor) for a later instruction.</summary>
    internal bool KeepResult;

    /// <summary>Put the remembered result in place of the first argument.</summary>
    internal bool UseKept;

    /// <summary>Go on when it fails: hardening that not every environment allows.</summary>
    internal bool MayFail;

    /// <summary>Any other result than <see cref="Expected"/> is a failure.</summary>
    internal bool MustEqual;

    internal nint Expected;
}
