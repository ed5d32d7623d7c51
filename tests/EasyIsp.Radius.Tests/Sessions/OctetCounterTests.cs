using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Tests.Sessions;

/// <summary>RAD-59.</summary>
public sealed class OctetCounterTests
{
    private const long Turn = 1L << 32;

    [Theory]
    [InlineData(1000, 300, 2000, 600, 2000)]
    [InlineData(2000, 600, 1000, 300, 2000)]
    [InlineData(Turn - 1, 300, Turn + 5, 600, Turn + 5)]
    [InlineData(5_000_000_000, 300, 10, 600, 5_000_000_000)]
    public void With_gigawords_the_larger_figure_is_the_truth(long known, long knownSeconds, long told, long toldSeconds, long expected)
        => Assert.Equal(expected, OctetCounter.Merge(known, knownSeconds, told, toldSeconds, mayWrap: false));

    [Theory]
    [InlineData(1000, 300, 2000, 600, 2000)]
    [InlineData(2000, 600, 1000, 300, 2000)]
    [InlineData(2000, 600, 2000, 600, 2000)]
    [InlineData(4_000_000_000, 300, 100, 600, Turn + 100)]
    [InlineData(Turn + 4_000_000_000, 600, 100, 900, 2 * Turn + 100)]
    [InlineData(Turn + 100, 600, 4_000_000_000, 900, Turn + 4_000_000_000)]
    public void Without_gigawords_a_counter_that_goes_down_has_wrapped(long known, long knownSeconds, long told, long toldSeconds, long expected)
        => Assert.Equal(expected, OctetCounter.Merge(known, knownSeconds, told, toldSeconds, mayWrap: true));

    [Fact]
    public void A_wrap_is_seen_from_both_sides()
    {
        const long early = 4_000_000_000, late = 100;

        Assert.Equal(
            OctetCounter.Merge(early, 300, late, 600, mayWrap: true),
            OctetCounter.Merge(late, 600, early, 300, mayWrap: true));
    }

    [Theory]
    [InlineData(1_000_000, 300, 500, 310)]
    [InlineData(1_000_000, 300, 500, 300)]
    public void A_counter_that_could_not_have_come_so_far_has_not_wrapped(long known, long knownSeconds, long told, long toldSeconds)
        => Assert.Equal(known, OctetCounter.Merge(known, knownSeconds, told, toldSeconds, mayWrap: true));
}
