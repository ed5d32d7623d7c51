using System.Reflection;
using System.Text.Json;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Portal.Languages;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Portal.Tests.Languages;

public sealed class PortalTextTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    private static readonly HotspotBrand Kenya = new("Savanna Net", "#0f766e", null, "KES", "Africa/Nairobi", "KE", "en", IsSuspended: false);
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en")]
    [InlineData("sw")]
    public void Every_sentence_is_there(string language)
    {
        var text = Text(language);
        foreach (var sentence in typeof(PortalText).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.PropertyType == typeof(string)))
            Assert.NotEqual("", sentence.GetValue(text));
        foreach (var sentence in typeof(PortalText).GetMethods().Where(m => m.ReturnType == typeof(string) && m.GetParameters() is [var only] && only.ParameterType == typeof(string)))
            Assert.Contains("#", (string)sentence.Invoke(text, ["#"])!, StringComparison.Ordinal);
        foreach (var message in Enum.GetValues<PayerMessage>())
            Assert.NotEqual("", text.For(message));
    }

    [Fact]
    public void Both_languages_have_the_same_sentences()
        => Assert.Equal(KeysOf("en"), KeysOf("sw"));

    [Theory]
    [InlineData("en", 1, "1 minute")]
    [InlineData("en", 30, "30 minutes")]
    [InlineData("en", 60, "1 hour")]
    [InlineData("en", 90, "1 hour 30 minutes")]
    [InlineData("en", 1440, "1 day")]
    [InlineData("en", 43_200, "30 days")]
    [InlineData("sw", 60, "saa 1")]
    [InlineData("sw", 1500, "siku 1 saa 1")]
    public void Lengths_are_said_in_their_two_largest_units(string language, int minutes, string said)
        => Assert.Equal(said, Formats(language).Length(TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData("en", 6.5, "18:30")]
    [InlineData("en", 12, "tomorrow 00:00")]
    [InlineData("sw", 24, "kesho 12:00")]
    [InlineData("en", 72, "Thu 5 Mar, 12:00")]
    public void Times_are_the_tenants(string language, double hours, string said)
        => Assert.Equal(said, Formats(language).When(Noon.AddHours(hours), Noon));

    [Fact]
    public void Money_speed_and_data_are_as_people_write_them()
    {
        var formats = Formats("en");
        Assert.Equal("Ksh 1,250", formats.Money(1250.0000m));
        Assert.Equal("Ksh 49.50", formats.Money(49.5m));
        Assert.Equal("UGX 1,000", new LocalFormats(Text("en"), Kenya with { Currency = "UGX" }).Money(1000));
        Assert.Equal("2.5 Mbps", formats.Speed(2500));
        Assert.Equal("512 kbps", formats.Speed(512));
        Assert.Equal("1.4 GB", formats.Data(1_400_000_000));
        Assert.Equal("500 MB", formats.Data(500_000_000));
        Assert.Equal("0712 ••• 678", LocalFormats.Masked("+254712345678"));
    }

    private PortalText Text(string language)
        => portal.App.Services.GetRequiredService<PortalLanguages>().All.Single(text => text.Language == language);

    private LocalFormats Formats(string language) => new(Text(language), Kenya);

    private static string[] KeysOf(string language)
    {
        using var file = typeof(PortalText).Assembly.GetManifestResourceStream($"EasyIsp.Portal.Languages.{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(file)!.Keys.Order(StringComparer.Ordinal).ToArray();
    }
}
