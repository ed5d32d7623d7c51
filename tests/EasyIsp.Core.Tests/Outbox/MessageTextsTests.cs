using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Tenancy;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class MessageTextsTests
{
    private static readonly DateTimeOffset Until = new(2026, 3, 2, 15, 40, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", "Savanna Net: KES 1,050 received, receipt SFF6XYZ123. Day 5 Mbps until 2/3/2026 18:40. Thank you.")]
    [InlineData("sw", "Savanna Net: Tumepokea KES 1,050, risiti SFF6XYZ123. Day 5 Mbps hadi 2/3/2026 18:40. Asante.")]
    public void A_receipt_speaks_the_tenants_language_and_tells_its_time(string language, string expected)
    {
        var text = MessageTexts.Receipt(Savanna(language), 1050, "SFF6XYZ123", "Day 5 Mbps", Until);

        Assert.Equal(expected, text);
        Assert.Equal(1, SmsSegments.Of(text).Parts);
    }

    [Theory]
    [InlineData("en", "Savanna Net: KES 49.50 received, receipt SFF6XYZ123. Your balance is KES 120. Thank you.")]
    [InlineData("sw", "Savanna Net: Tumepokea KES 49.50, risiti SFF6XYZ123. Salio lako ni KES 120. Asante.")]
    public void A_top_up_names_the_new_balance(string language, string expected)
        => Assert.Equal(expected, MessageTexts.TopUp(Savanna(language), 49.5m, "SFF6XYZ123", 120));

    [Fact]
    public void A_typographers_name_does_not_double_the_price_of_the_text()
        => Assert.Equal(SmsEncoding.Gsm7, SmsSegments.Of(MessageTexts.Receipt(Savanna("en"), 50, "SFF6XYZ123", "Mama’s day – fast", Until)).Encoding);

    private static Tenant Savanna(string language)
        => Tenant.Found("savanna", "Savanna Net", TenantLocale.Kenya with { Language = language }, Until);
}
