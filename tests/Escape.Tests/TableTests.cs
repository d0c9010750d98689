namespace Escape.Tests;

public sealed class TableTests
{
    [Fact]
    public void There_are_many_attempts_and_no_two_have_one_name()
    {
        Assert.True(AttemptRow.All.Count >= 200, $"{AttemptRow.All.Count} attempts");
        Assert.Equal(AttemptRow.All.Count, AttemptRow.All.Select(static row => row.Name).Distinct().Count());
    }

    [Fact]
    public void Under_its_unit_a_server_can_do_none_of_them() =>
        Assert.DoesNotContain(AttemptRow.All, static row => row.Full == "OK");

    /// <summary>Without a unit the host's root is there, and names can be looked at.</summary>
    [Fact]
    public void Without_a_unit_it_can_look_at_names_and_nothing_else() =>
        Assert.Equal(["look at /etc/shadow", "look at everybody's file"], AttemptRow.All.Where(static row => row.Plain == "OK").Select(static row => row.Name));

    /// <summary>Otherwise nobody could tell whose answer it was.</summary>
    [Fact]
    public void The_sandbox_never_answers_as_the_kernel_does_without_it() =>
        Assert.DoesNotContain(AttemptRow.All, static row => row.Plain != "OK" && row.Plain == row.Unconfined);
}
