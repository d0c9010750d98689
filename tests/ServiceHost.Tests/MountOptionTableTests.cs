using ServiceHost.Options;

namespace ServiceHost.Tests;

public sealed class MountOptionTableTests
{
    private enum Color
    {
        Red,
        Blue,
    }

    private static readonly MountOption<bool> s_fast = MountOption.Switch("fast", "goes fast");
    private static readonly MountOption<Color> s_color = MountOption.Choice("color", "a color", Color.Red, ("red", Color.Red), ("blue", Color.Blue));
    private static readonly MountOption<long> s_depth = MountOption.Integer("depth", "N", "how deep", 3, 1, 10);
    private static readonly MountOption<TimeSpan> s_wait = MountOption.Seconds("wait", "how long", 1.5, 60);
    private static readonly MountOption<string> s_label = MountOption.Text("label", "TEXT", "a name");
    private static readonly MountOptionTable s_table = new(s_fast, s_color, s_depth, s_wait, s_label);

    [Fact]
    public void Without_options_all_have_their_defaults()
    {
        MountOptions options = s_table.Parse(string.Empty);
        Assert.False(options.Get(s_fast));
        Assert.Equal(Color.Red, options.Get(s_color));
        Assert.Equal(3, options.Get(s_depth));
        Assert.Equal(TimeSpan.FromSeconds(1.5), options.Get(s_wait));
        Assert.Equal(string.Empty, options.Get(s_label));
        Assert.False(options.IsGiven(s_depth));
    }

    [Fact]
    public void Values_have_their_types_and_the_last_word_counts()
    {
        MountOptions options = s_table.Parse("fast,color=blue,depth=2,,wait=0.25,depth=10,label=a\\,b=c");
        Assert.True(options.Get(s_fast));
        Assert.Equal(Color.Blue, options.Get(s_color));
        Assert.Equal(10, options.Get(s_depth));
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.Get(s_wait));
        Assert.Equal("a,b=c", options.Get(s_label));
        Assert.True(options.IsGiven(s_depth));
    }

    [Theory]
    [InlineData("wall", "")]
    [InlineData("nowall", "no")]
    [InlineData("wall=0", "0")]
    [InlineData("wall=", "")]
    public void A_loose_word_is_taken_in_every_form(string word, string value)
    {
        MountOption<string> wall = MountOption.Loose("wall", "a wall");
        MountOptions options = new MountOptionTable(s_fast, wall).Parse(word);
        Assert.True(options.IsGiven(wall));
        Assert.Equal(value, options.Get(wall));
    }

    [Fact]
    public void No_in_front_switches_off()
    {
        Assert.False(s_table.Parse("fast,nofast").Get(s_fast));
        Assert.True(s_table.Parse("nofast,fast").Get(s_fast));
    }

    [Theory]
    [InlineData("slow", "unknown option 'slow' (-o help lists the known ones)")]
    [InlineData("Fast", "unknown option 'Fast' (-o help lists the known ones)")]
    [InlineData("nocolor=red", "unknown option 'nocolor' (-o help lists the known ones)")]
    [InlineData("=1", "unknown option '' (-o help lists the known ones)")]
    [InlineData("a\u001b[2J=1", "unknown option 'a\\u{1b}[2J' (-o help lists the known ones)")]
    [InlineData("fast=1", "option 'fast' takes no value")]
    [InlineData("nofast=", "option 'fast' takes no value")]
    [InlineData("color", "option 'color' needs one of red, blue")]
    [InlineData("color=green", "option 'color' needs one of red, blue, not 'green'")]
    [InlineData("depth=", "option 'depth' needs a whole number from 1 to 10, not ''")]
    [InlineData("depth=0", "option 'depth' needs a whole number from 1 to 10, not '0'")]
    [InlineData("depth=1e3", "option 'depth' needs a whole number from 1 to 10, not '1e3'")]
    [InlineData("depth= 2", "option 'depth' needs a whole number from 1 to 10, not ' 2'")]
    [InlineData("depth=99999999999999999999", "option 'depth' needs a whole number from 1 to 10, not '99999999999999999999'")]
    [InlineData("wait=-1", "option 'wait' needs a number of seconds from 0 to 60, not '-1'")]
    [InlineData("wait=61", "option 'wait' needs a number of seconds from 0 to 60, not '61'")]
    [InlineData("wait=NaN", "option 'wait' needs a number of seconds from 0 to 60, not 'NaN'")]
    [InlineData("wait=1,5", "unknown option '5' (-o help lists the known ones)")]
    [InlineData("label=", "option 'label' needs a value, not ''")]
    [InlineData("help", "the options are fast, color=red|blue, depth=N, wait=SECONDS, label=TEXT")]
    public void What_does_not_fit_is_refused_by_name(string list, string reason) =>
        Assert.Equal(reason, Assert.Throws<ServiceException>(() => s_table.Parse(list)).Message);

    [Fact]
    public void Sloppy_passes_over_unknown_names_but_not_over_wrong_values()
    {
        List<string> passed = [];
        MountOptions options = s_table.Parse("slow,depth=2,odd=1", passed.Add);
        Assert.Equal(["slow", "odd"], passed);
        Assert.Equal(2, options.Get(s_depth));
        Assert.Throws<ServiceException>(() => s_table.Parse("depth=0", passed.Add));
    }

    [Fact]
    public void Help_has_a_line_with_the_default_for_each()
    {
        string[] lines = [.. s_table.DescribeAll()];
        Assert.Equal(
            [
                "  fast                      goes fast (default off)",
                "  color=red|blue            a color (default red)",
                "  depth=N                   how deep (default 3)",
                "  wait=SECONDS              how long (default 1.5)",
                "  label=TEXT                a name",
            ],
            lines);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData(",,", new string[0])]
    [InlineData("a,b", new[] { "a", "b" })]
    [InlineData("a\\,b,c", new[] { "a,b", "c" })]
    [InlineData("a\\\\,b", new[] { "a\\", "b" })]
    [InlineData("a\\", new[] { "a\\" })]
    public void A_backslash_keeps_the_next_character(string list, string[] words) => Assert.Equal(words, OptionList.Split(list));

    [Fact]
    public void Joined_words_split_into_the_same_words()
    {
        string[] words = ["a", "b,c", "d\\", "\\,", "e=f"];
        Assert.Equal(words, OptionList.Split(OptionList.Join(words)));
    }
}
