using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;
using Xunit;

namespace EasyIsp.Web.Tests.Blocks;

public sealed class FiguresTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Nairobi = TimeZoneInfo.FindSystemTimeZoneById("Africa/Nairobi");

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_400_000_000, "1.4 GB")]
    [InlineData(318_400_000, "318 MB")]
    [InlineData(999_999, "1 MB")]
    [InlineData(long.MaxValue, "9223 PB")]
    public void Bytes_have_three_digits_and_their_unit(long bytes, string text)
        => Assert.Equal(text, Figures.Bytes(bytes).Replace('\u00a0', ' '));

    [Theory]
    [InlineData(10_000, 5_000, "10/5 Mbps")]
    [InlineData(512, 256, "512/256 kbps")]
    [InlineData(1_500, 512, "1.5/0.51 Mbps")]
    public void Speeds_are_down_and_up(int down, int up, string text)
        => Assert.Equal(text, Figures.Speed(down, up).Replace('\u00a0', ' '));

    [Theory]
    [InlineData("1250", "KES 1,250")]
    [InlineData("12.5", "KES 12.50")]
    [InlineData("-1250.75", "−KES 1,250.75")]
    public void Money_has_currency_and_thousands_and_cents_only_where_there_are_some(string amount, string text)
    {
        var tenant = Tenant.Found("savanna", "Savanna", TenantLocale.Kenya, Now);

        Assert.Equal(text, Figures.Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), tenant).Replace('\u00a0', ' '));
    }

    [Theory]
    [InlineData(-5, "now")]
    [InlineData(-300, "5 min ago")]
    [InlineData(3 * 3600, "in 3 h")]
    [InlineData(-8 * 86400, "22 Feb")]
    [InlineData(-400 * 86400, "26 Jan 2025")]
    public void Times_are_told_from_now_and_beyond_a_week_by_date(int seconds, string text)
        => Assert.Equal(text, Figures.Relative(Now.AddSeconds(seconds), Now, Nairobi).Replace('\u00a0', ' '));

    [Fact]
    public void The_exact_time_is_the_tenants()
        => Assert.Equal("Mon 2 Mar 2026, 12:00:00 (UTC+03:00)", Figures.Exact(Now, Nairobi));
}
