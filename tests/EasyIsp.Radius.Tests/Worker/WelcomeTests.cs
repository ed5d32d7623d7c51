using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class WelcomeTests
{
    [Theory]
    [InlineData(-1, 1u)]
    [InlineData(0, 1u)]
    [InlineData(0.9, 1u)]
    [InlineData(59.9, 59u)]
    [InlineData(4294967295.0, uint.MaxValue)]
    [InlineData(4294967296.0, uint.MaxValue)]
    [InlineData(1e11, uint.MaxValue)]
    public void RAD_54_A_session_time_is_never_zero_which_would_be_no_limit_and_fits_its_32_bits(double seconds, uint expected)
    {
        var terms = new LimitedTerms([], TimeSpan.FromSeconds(seconds));

        var welcome = Welcome.Limited(terms, Guid.Empty, TimeSpan.FromMinutes(5), longest: null, ExtraAttributes.None);

        Assert.Equal(expected, welcome.SessionSeconds);
    }
}
