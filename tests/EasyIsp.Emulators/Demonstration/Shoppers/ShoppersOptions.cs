namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>How busy the demonstration's hotspots are: section <c>Shoppers</c> of the configuration.</summary>
internal sealed class ShoppersOptions
{
    public const string Section = "Shoppers";

    /// <summary>The mean time between two arrivals; each is drawn between two thirds and four thirds of it. 0: nobody comes by himself.</summary>
    public TimeSpan MeanPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many are there at once, those who will soon be back included.</summary>
    public int AtMost { get; set; } = 12;

    /// <summary>How many live around; each has a phone and a number, so that customers come back instead of growing in number.</summary>
    public int Crowd { get; set; } = 240;

    /// <summary>Most stays are shorter than the mean, few much longer.</summary>
    public TimeSpan MeanStay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Nobody stays longer, whatever he bought.</summary>
    public TimeSpan LongestStay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The mean time between leaving and coming back for what is left; drawn as pauses are.</summary>
    public TimeSpan MeanAbsence { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a person looks at a page that asks him to wait.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The same seed gives the same crowd and the same order of arrivals.</summary>
    public int Seed { get; set; } = 1;
}
