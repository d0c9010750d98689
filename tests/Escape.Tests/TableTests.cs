namespace Escape.Tests;

/// <summary>What the table may say at all. Whoever changes an expectation to OK has to say here that it is one of these.</summary>
public sealed class TableTests
{
    // Without a unit the host's root is there, and names can be looked at.
    private static readonly string[] s_looking = ["look at /etc/shadow", "look at everybody's file"];

    // The process' own program and C library, a place without the right to anything in it, and who it may be inside its own namespace.
    private static readonly string[] s_serving =
    [
        "open / as a place", "open libc", "open its own program", "measure /", "join root's groups", "be root for files",
        "be root's group for files",
    ];

    // What Landlock does not cover, on files that everybody may write to.
    private static readonly string[] s_attributes =
    [
        "read attributes of a file", "change the owner of a file", "change the times of a file", "set an attribute of a file",
        "remove an attribute of a file",
    ];

    // The unit has a filter of its own, which refuses that as well.
    private static readonly string[] s_marking = ["mark a directory set-group-ID by the fixed path"];

    [Fact]
    public void There_are_many_attempts_and_no_two_have_one_name()
    {
        Assert.True(AttemptRow.All.Count >= 200, $"{AttemptRow.All.Count} attempts");
        Assert.Equal(AttemptRow.All.Count, AttemptRow.All.Select(static row => row.Name).Distinct().Count());
    }

    [Fact]
    public void Under_its_unit_a_server_without_a_directory_can_do_none_of_them() => Assert.Empty(Possible(static row => row.Full));

    [Fact]
    public void Without_a_unit_it_can_look_at_names_and_nothing_else() =>
        Assert.Equal(s_looking.Order(), Possible(static row => row.Plain));

    [Fact]
    public void Under_its_unit_a_server_of_a_directory_can_do_nothing_outside_its_empty_root() =>
        Assert.Equal(s_serving.Order(), Possible(static row => row.TreeFull));

    [Fact]
    public void Without_a_unit_it_can_also_look_at_names_and_attributes() =>
        Assert.Equal(s_serving.Concat(s_looking).Concat(s_attributes).Concat(s_marking).Order(), Possible(static row => row.TreePlain));

    /// <summary>Otherwise nobody could tell whose answer it was.</summary>
    [Fact]
    public void The_sandbox_never_answers_as_the_kernel_does_without_it() => Assert.DoesNotContain(
        AttemptRow.All,
        static row => row.Unconfined != "OK" && new[] { row.Plain, row.Full, row.TreePlain, row.TreeFull }.Contains(row.Unconfined));

    private static IEnumerable<string> Possible(Func<AttemptRow, string> result) =>
        AttemptRow.All.Where(row => result(row) == "OK").Select(static row => row.Name).Order();
}
