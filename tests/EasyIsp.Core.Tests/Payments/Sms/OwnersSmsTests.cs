using EasyIsp.Core.Payments.Sms;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Forwarding;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Sms;

public sealed class OwnersSmsTests
{
    [Theory]
    [InlineData(false, MoneySmsKind.MerchantPaybill, "1042KXRTB")]
    [InlineData(true, MoneySmsKind.MerchantTill, null)]
    public void What_the_emulated_owner_gets_is_what_the_product_reads(bool isTill, MoneySmsKind kind, string? account)
    {
        var at = new DateTimeOffset(2026, 3, 2, 20, 59, 0, TimeSpan.Zero);
        var text = OwnersSms.Of(new DarajaStatementLine("UCB7Q0LD12", 1500, "254712345678", "", "600111", "1042KXRTB", at), isTill, 49_310);

        var facts = Assert.IsType<SmsReading.Read>(SmsReader.Read(SmsText.Collapse(text), OwnersSms.Sender, [])).Facts;

        Assert.Equal((kind, "UCB7Q0LD12", 1500m, account, "254*"), (facts.Kind, facts.Receipt, facts.Amount!.Value, facts.Account, $"{facts.PayerNumber![..3]}*"));
        Assert.Equal(at, facts.SaidAt);
    }
}
