namespace Servers.Passthrough;

/// <summary>A table that takes back the pins it gave.</summary>
internal interface IPinTable<in T>
{
    void Unpin(T item);
}
