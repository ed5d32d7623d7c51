namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>What people choose, and how long they do what they do.</summary>
internal static class Taste
{
    /// <summary>What costs half is bought twice as often.</summary>
    /// <exception cref="ArgumentException">Nothing is on offer.</exception>
    public static PortalOffer Choose(IReadOnlyList<PortalOffer> offers, Random random)
    {
        if (offers.Count == 0)
            throw new ArgumentException("Nothing is on offer.", nameof(offers));

        var left = random.NextDouble() * offers.Sum(WeightOf);
        foreach (var offer in offers)
        {
            left -= WeightOf(offer);
            if (left < 0)
                return offer;
        }

        return offers[^1];
    }

    /// <summary>Between two thirds and four thirds of <paramref name="mean"/>.</summary>
    public static TimeSpan About(TimeSpan mean, Random random) => mean * ((2 + (2 * random.NextDouble())) / 3);

    /// <summary>Exponential, as stays are, and never above <paramref name="longest"/>.</summary>
    public static TimeSpan Stay(TimeSpan mean, TimeSpan longest, Random random)
    {
        var stay = mean * -Math.Log(1 - random.NextDouble());
        return stay < longest ? stay : longest;
    }

    private static double WeightOf(PortalOffer offer) => 1 / Math.Max(1, (double)offer.Price);
}
