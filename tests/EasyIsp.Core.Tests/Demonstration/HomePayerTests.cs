using System.Globalization;
using EasyIsp.Emulators.Demonstration;
using Xunit;

namespace EasyIsp.Core.Tests.Demonstration;

public sealed class HomePayerTests
{
    private static readonly HomePayer Jane = new(1042, "+254712345678", 1_500);

    [Fact]
    public void Most_type_their_number_and_send_the_price_and_some_do_not()
    {
        var random = new Random(1);
        var paid = Enumerable.Range(0, 1_000).Select(_ => Jane.Pay(random)).ToList();

        Assert.InRange(paid.Count(own => own.Account.TrimStart('0') == Jane.Number.ToString(CultureInfo.InvariantCulture)), 700, 900);
        Assert.InRange(paid.Count(own => own.Amount == Jane.Price), 750, 900);
        Assert.All(paid, own => Assert.Equal("254712345678", own.Msisdn));
    }
}
