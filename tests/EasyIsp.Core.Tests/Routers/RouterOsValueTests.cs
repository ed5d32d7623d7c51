using EasyIsp.Core.Routers.RouterOs;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class RouterOsValueTests
{
    [Theory]
    [InlineData("1w2d3h4m5s", "9.03:04:05")]
    [InlineData("0s", "00:00:00")]
    [InlineData("1s100ms", "00:00:01.1")]
    [InlineData("453us", "00:00:00.000453")]
    [InlineData("01:22:53", "01:22:53")]
    [InlineData("1d01:22:53", "1.01:22:53")]
    [InlineData("00:00:01.500", "00:00:01.5")]
    public void A_duration_is_read_in_the_new_and_the_old_notation(string word, string expected)
        => Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), RouterOsValue.Duration(word));

    [Theory]
    [InlineData("none")]
    [InlineData("never")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("5 minutes")]
    public void What_is_no_duration_is_null(string? word) => Assert.Null(RouterOsValue.Duration(word));

    [Theory]
    [InlineData("bc:24:11:eb:56:4d")]
    [InlineData("BC-24-11-EB-56-4D")]
    [InlineData("bc24.11eb.564d")]
    public void A_mac_address_is_upper_case_with_colons(string word) => Assert.Equal("BC:24:11:EB:56:4D", RouterOsValue.Mac(word));

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData(null, false)]
    public void A_flag_is_read_as_new_and_old_routers_write_it(string? word, bool expected)
        => Assert.Equal(expected, RouterOsValue.Boolean(word));
}
