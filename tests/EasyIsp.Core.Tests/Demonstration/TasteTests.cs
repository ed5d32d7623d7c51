using EasyIsp.Emulators.Demonstration.Shoppers;
using Xunit;

namespace EasyIsp.Core.Tests.Demonstration;

public sealed class TasteTests
{
    private const int Draws = 10_000;

    [Fact]
    public void What_costs_half_is_bought_about_twice_as_often()
    {
        PortalOffer[] offers = [new(new Uri("http://portal.test/10"), 10), new(new Uri("http://portal.test/20"), 20)];
        var random = new Random(1);

        var cheap = Enumerable.Range(0, Draws).Count(_ => Taste.Choose(offers, random).Price == 10);

        Assert.InRange(cheap, Draws * 0.64, Draws * 0.69);
    }

    [Fact]
    public void A_gift_on_the_shelf_breaks_nothing()
        => Assert.Equal(0, Taste.Choose([new PortalOffer(new Uri("http://portal.test/0"), 0)], new Random(1)).Price);

    [Fact]
    public void Stays_have_their_mean_and_their_bound()
    {
        var random = new Random(1);

        var minutes = Enumerable.Range(0, Draws)
            .Select(_ => Taste.Stay(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), random).TotalMinutes).ToList();

        Assert.InRange(minutes.Average(), 4.5, 5);
        Assert.Equal(15, minutes.Max());
    }
}
