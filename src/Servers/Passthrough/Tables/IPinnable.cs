using ServiceHost.Linux;

namespace Servers.Passthrough;

/// <summary>What a table closes when nobody has it pinned any more.</summary>
internal interface IPinnable
{
    /// <summary>Its descriptor, for as long as the pin is held.</summary>
    Fd Borrow();
}
