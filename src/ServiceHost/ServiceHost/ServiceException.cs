namespace ServiceHost;

/// <summary>
/// The mount cannot go on, for a reason that a person can act on: <see cref="Exception.Message"/> is one line, and it is what whoever
/// typed mount will read. Anything else that is thrown is a bug and is logged with its stack.
/// </summary>
public sealed class ServiceException(string reason) : Exception(reason);
