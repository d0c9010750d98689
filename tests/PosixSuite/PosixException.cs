namespace PosixSuite;

/// <summary>A filesystem did not do what POSIX or Linux promises.</summary>
public sealed class PosixException(string what, Exception? inner = null) : Exception(what, inner);
