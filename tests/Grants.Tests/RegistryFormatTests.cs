using System.Text;
using MountHelper.Grants;
using MountHelper.Mounting;
using MountHelper.Registry;

namespace Grants.Tests;

public sealed class RegistryFormatTests
{
    private static readonly RegistryEntry s_entry = new()
    {
        Id = 7,
        IsConfirmed = true,
        Mounter = new ProcessStamp(123, 456),
        MountNamespace = 4026531841,
        Range = new HostIdRange(IdPool.First, 65536),
        Type = "passthrough",
        Source = "/a b\n\xff"u8.ToArray(),
        Mountpoint = "/mnt"u8.ToArray(),
        Mount = new MountName(0x100000001, 0, 55),
        Unit = "fuservice-passthrough@1.service",
        Owner = 1000,
        Time = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
        Options = "cache=always"u8.ToArray(),
    };

    [Fact]
    public void An_entry_reads_back_as_it_was_written()
    {
        RegistryEntry read = RegistryFormat.TryRead(7, RegistryFormat.Write(s_entry))!;
        Assert.Equal(s_entry.Source, read.Source);
        Assert.Equal(s_entry.Mountpoint, read.Mountpoint);
        Assert.Equal(s_entry.Options, read.Options);
        Assert.Equal(s_entry with { Source = read.Source, Mountpoint = read.Mountpoint, Options = read.Options }, read);
    }

    [Fact]
    public void Every_truncation_is_no_entry()
    {
        byte[] text = RegistryFormat.Write(s_entry);
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Null(RegistryFormat.TryRead(7, text.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("range 1879048192 65536", "range 1000 65536")]
    [InlineData("range 1879048192 65536", "range 1879048192 4294967295")]
    [InlineData("range 1879048192 65536", "range 1879048192 0")]
    [InlineData("range 1879048192 65536", "range 1879048192 -1")]
    [InlineData("range 1879048192 65536", "range 2147352575 2")]
    [InlineData("mounter 123 456", "mounter 123")]
    [InlineData("mounter 123 456", "mounter 4294967296 456")]
    [InlineData("mounter 123 456", "mounter 123  456")]
    [InlineData("owner 1000", "owner 4294967296")]
    [InlineData("owner 1000", "owner +1")]
    [InlineData("owner 1000", "owner 1000\nowner 0")]
    [InlineData("owner 1000\n", "")]
    [InlineData("state mounted", "state maybe")]
    [InlineData("mountpoint 2f6d6e74", "mountpoint 2f6d6e7")]
    [InlineData("mountpoint 2f6d6e74", "mountpoint 2F6D6E74")]
    [InlineData("mountpoint 2f6d6e74", "mountpoint zz")]
    [InlineData("time 1800000000", "time 99999999999999999")]
    [InlineData("state", "State")]
    public void A_lie_in_one_line_is_no_entry(string line, string lie)
    {
        string text = Encoding.ASCII.GetString(RegistryFormat.Write(s_entry));
        Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Null(RegistryFormat.TryRead(7, Encoding.ASCII.GetBytes(text.Replace(line, lie, StringComparison.Ordinal))));
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_looked_at()
    {
        Assert.Null(RegistryFormat.TryRead(7, new byte[RegistryFormat.MaxLength + 1]));
    }

    [Fact]
    public void Random_damage_never_throws()
    {
        Random random = new(20260801);
        byte[] good = RegistryFormat.Write(s_entry);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = [.. good];
            for (int damage = random.Next(1, 6); damage > 0; damage--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            _ = RegistryFormat.TryRead(7, text.AsSpan(0, random.Next(text.Length + 1)));
        }
    }
}
