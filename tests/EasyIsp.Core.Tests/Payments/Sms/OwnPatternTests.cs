using EasyIsp.Core.Payments.Sms;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Sms;

public sealed class OwnPatternTests
{
    private const string Kcb = "Dear Customer, {amount} received from {name} to your account {account}, Ref {ref} on {date} at {time}{*}";

    [Fact]
    public void A_tenants_own_template_reads_what_its_bank_writes()
    {
        const string Sms = "Dear Customer,  KES 1,250.50 received from ANN O'BRIEN to your account 1042, Ref FT26012ABCDE on 12-Jan-2026 at 14:05. Thank you.";

        var facts = Assert.IsType<SmsReading.Read>(Try(Kcb, Sms)).Facts;

        Assert.Equal((MoneySmsKind.OwnReceived, "FT26012ABCDE", 1250.50m, "ANN O'BRIEN", "1042"), (facts.Kind, facts.Receipt, facts.Amount!.Value, facts.PayerName, facts.Account));
        Assert.Equal(new DateTimeOffset(2026, 1, 12, 11, 5, 0, TimeSpan.Zero), facts.SaidAt);
    }

    [Theory]
    [InlineData("before Dear Customer, KES 1 received from A to your account 1042, Ref FT26012ABCDE on 12-Jan-2026 at 14:05")]
    [InlineData("Dear Customer, KES one received from A to your account 1042, Ref FT26012ABCDE on 12-Jan-2026 at 14:05")]
    [InlineData("Dear Customer, KES 1 received from A to your account 1042, Ref FT26012ABCDE on 32-Jan-2026 at 14:05")]
    public void What_is_before_it_or_is_no_figure_is_not_read(string sms) => Assert.IsType<SmsReading.NotRead>(Try(Kcb, sms));

    [Fact]
    public void It_is_anchored_at_its_end_too()
    {
        Assert.IsType<SmsReading.Read>(Try("Paid {amount} as {ref} to us", "Paid KES 5 as FT26012ABCDE to us"));
        Assert.IsType<SmsReading.NotRead>(Try("Paid {amount} as {ref} to us", "Paid KES 5 as FT26012ABCDE to us and more"));
    }

    [Fact]
    public void Only_its_own_sender_is_taken_and_the_known_templates_come_first()
    {
        var own = OwnPattern.Compile(null, SmsTemplateMeaning.MoneyReceived, " kcb ", "{ref} Confirmed. {amount} {*}");
        const string Till = "UA44N6P3WE Confirmed.on 4/1/26 at 6:12 PMKsh1,500.00 received from 254711222333 MARY ACHIENG. New Account balance is Ksh12,040.00.";

        Assert.IsType<SmsReading.NotRead>(SmsReader.Read("UA44N6P3WE Confirmed. 5.00 ok", "MPESA", [own]));
        Assert.IsType<SmsReading.Read>(SmsReader.Read("UA44N6P3WE Confirmed. 5.00 ok", "KCB", [own]));
        Assert.Equal(MoneySmsKind.MerchantTill, Assert.IsType<SmsReading.Read>(SmsReader.Read(Till, "KCB", [own])).Facts.Kind);
    }

    [Theory]
    [InlineData("", SmsTemplateFault.Length)]
    [InlineData("{*}", SmsTemplateFault.TooFewWords)]
    [InlineData("{ref}{amount} received at the bank", SmsTemplateFault.Adjacent)]
    [InlineData("{ref} {amount} and {amount} received", SmsTemplateFault.Repeated)]
    [InlineData("{ref} {amount} of {balance} received", SmsTemplateFault.UnknownPlaceholder)]
    [InlineData("{amount} received at the bank", SmsTemplateFault.ReceiptOrAmountMissing)]
    public void What_would_take_foreign_messages_or_cannot_be_joined_is_refused(string text, SmsTemplateFault fault)
    {
        Assert.Contains(fault, SmsTemplateRules.FaultsIn(new SmsTemplateDraft("Bank", text, "KCB", SmsTemplateMeaning.MoneyReceived, 1)));
        Assert.Throws<ArgumentException>(() => OwnPattern.Compile(null, SmsTemplateMeaning.MoneyReceived, "", text));
    }

    [Fact]
    public void Too_long_a_template_is_refused()
        => Assert.Contains(SmsTemplateFault.Length, SmsTemplateRules.FaultsIn(
            new SmsTemplateDraft("Bank", "{ref} {amount} " + new string('x', 500), "", SmsTemplateMeaning.MoneyReceived, 1)));

    [Theory]
    [InlineData("(a+)+b {ref} [x]* {amount} received$ ^")]
    [InlineData("{*} a {*} a {*} a {*} a {*} a {*} {ref} {amount} received")]
    public void What_looks_like_a_regex_is_words_and_takes_no_time(string text)
    {
        var pattern = OwnPattern.Compile(null, SmsTemplateMeaning.MoneyReceived, "", text);
        var hard = SmsText.Collapse(string.Concat(Enumerable.Repeat("a ", 1000)) + "UA44N6P3WE 5");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 50; i++)
            Assert.IsType<SmsReading.NotRead>(SmsReader.Try(hard, pattern));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        if (text[0] == '(')
            Assert.IsType<SmsReading.Read>(SmsReader.Try("(a+)+b UA44N6P3WE [x]* 5 received$ ^", pattern));
    }

    [Theory]
    [InlineData("KCB A/C XXX12 Credited with KShs 500.00 on 12-Jan-26. Bal KES 900.00 Ref FT2601ABCD", "KCB A/C XXX12 Credited with {amount} on {date}. Bal {*} Ref {ref}")]
    [InlineData("Ksh20 from ANN 0712345678 at 3:15 PM", "{amount} from ANN {phone} at {time}")]
    public void A_draft_is_made_of_a_message(string sms, string draft) => Assert.Equal(draft, SmsTemplateSuggestion.From(sms));

    private static SmsReading? Try(string template, string sms)
        => SmsTemplateDesk.Try(new SmsTemplateDraft("Bank", template, "", SmsTemplateMeaning.MoneyReceived, 1), sms);
}
