using System.Globalization;
using EasyIsp.Core.Payments.Sms;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Sms;

/// <summary>Every sample of mpesa.md, 16.2 and 16.3, to the field.</summary>
public sealed class SmsReaderTests
{
    [Theory]
    [InlineData(
        "UA17K4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh1,000.00 received from JANE WANJIKU 254712345678.  Account Number ISP00123 New Utility balance is Ksh45,310.00",
        MoneySmsKind.MerchantPaybill, "UA17K4M2QX", 1000, "JANE WANJIKU", "254712345678", "ISP00123", "2026-01-01 13:05:00")]
    [InlineData(
        "UA29B7Q0LD Confirmed. Ksh2,500.00 received from PETER OTIENO KAMAU 254701000222 Account Number isp 45 New Utility balance is Ksh47,810.00",
        MoneySmsKind.MerchantPaybill, "UA29B7Q0LD", 2500, "PETER OTIENO KAMAU", "254701000222", "isp 45", null)]
    [InlineData(
        "UA3CZ81HTM Confirmed.on 3/1/26 at 9:40 AM Ksh1.00 received from ASHA ALI 2547******90 Account Number 0712000333 New Utility balance is Ksh1.00 Time: 03/01/2026 09:40:11",
        MoneySmsKind.MerchantPaybill, "UA3CZ81HTM", 1, "ASHA ALI", "2547******90", "0712000333", "2026-01-03 09:40:11")]
    [InlineData(
        "UA44N6P3WE Confirmed.on 4/1/26 at 6:12 PMKsh1,500.00 received from 254711222333 MARY ACHIENG. New Account balance is Ksh12,040.00. Transaction cost, Ksh8.25.",
        MoneySmsKind.MerchantTill, "UA44N6P3WE", 1500, "MARY ACHIENG", "254711222333", null, "2026-01-04 18:12:00")]
    [InlineData(
        "UA5D0R5YUB Confirmed. on 5/1/26 at 10:01 AM KSH300.00 received from 2547******78 JOHN K. New Account balance is KSH12,331.75. Transaction cost, KSH0.00.",
        MoneySmsKind.MerchantTill, "UA5D0R5YUB", 300, "JOHN K", "2547******78", null, "2026-01-05 10:01:00")]
    [InlineData(
        "UA66V2T8KC Confirmed.on 6/1/26 at 7:30 AMKsh3,000.00 received from 400123-DEMO BANK M- pesa:254700111222. New Account balance is Ksh15,331.75. Transaction cost, Ksh16.50.",
        MoneySmsKind.MerchantTillFromOrganisation, "UA66V2T8KC", 3000, "DEMO BANK", "254700111222", null, "2026-01-06 07:30:00")]
    [InlineData(
        "UA7F9XB1ZS Confirmed. You have received Ksh700.00 from LUCY NJERI 0712000444 on 7/1/26 at 2:15 PM. New business balance is Ksh1,900.00.",
        MoneySmsKind.PochiReceived, "UA7F9XB1ZS", 700, "LUCY NJERI", "254712000444", null, "2026-01-07 14:15:00")]
    [InlineData(
        "UA88H3J6VN Confirmed.You have received Ksh1,000.00 from JOHN DOE 0712345678 on 8/1/26 at 1:05 PM  New M-PESA balance is Ksh1,250.50. Dial *334# for more.",
        MoneySmsKind.PersonReceived, "UA88H3J6VN", 1000, "JOHN DOE", "254712345678", null, "2026-01-08 13:05:00")]
    [InlineData(
        "UA9KK5L7CR Confirmed.You have received Ksh50.00 from 501901 - DEMO MONEY TRANSFER on 9/1/26 at 11:59 PM New M-PESA balance is Ksh1,300.50.",
        MoneySmsKind.PersonReceived, "UA9KK5L7CR", 50, "501901 - DEMO MONEY TRANSFER", null, null, "2026-01-09 23:59:00")]
    [InlineData(
        "UABP2Q9R4F Confirmed. You have received Ksh20.00 from HASSAN M 0722***455 on 11/1/26 at 8:05 AM New M-PESA balance is Ksh1,820.50.",
        MoneySmsKind.PersonReceived, "UABP2Q9R4F", 20, "HASSAN M", "254722***455", null, "2026-01-11 08:05:00")]
    [InlineData(
        "Congratulations! UAAMM4N2DT confirmed.You have received Ksh500.00 from DEMO B2C. on 10/1/26 at 8:00 AM.New M-PESA balance is Ksh1,800.50.",
        MoneySmsKind.PersonReceived, "UAAMM4N2DT", 500, "DEMO B2C", null, null, "2026-01-10 08:00:00")]
    [InlineData(
        "UACSS8T3GH Confirmed. Ksh1,500.00 sent to DEMO ISP LTD for account ISP00123 on 12/1/26 at 4:44 PM New M-PESA balance is Ksh320.50. Transaction cost, Ksh0.00.Amount you can transact within the day is 498,500.00.",
        MoneySmsKind.CustomerPaybill, "UACSS8T3GH", 1500, "DEMO ISP LTD", null, "ISP00123", "2026-01-12 16:44:00")]
    [InlineData(
        "UADUV1W6JK Confirmed. Ksh200.00 paid to DEMO HOTSPOT. on 13/1/26 at 5:00 PM.New M-PESA balance is Ksh120.50. Transaction cost, Ksh0.00.",
        MoneySmsKind.CustomerTill, "UADUV1W6JK", 200, "DEMO HOTSPOT", null, null, "2026-01-13 17:00:00")]
    [InlineData(
        "UAEXY7Z0LM Confirmed. Ksh100.00 sent to JOHN DOE 0711 111 111 on 14/1/26 at 5:05 PM. New M-PESA balance is Ksh20.50. Transaction cost, Ksh0.00.",
        MoneySmsKind.CustomerSend, "UAEXY7Z0LM", 100, "JOHN DOE", "254711111111", null, "2026-01-14 17:05:00")]
    [InlineData(
        "UAFAB2C5NP Confirmed. Ksh10.00 sent to DEMO KIOSK for Pochi la Biashara on 15/1/26 at 6:05 AM. New M-PESA balance is Ksh10.50.",
        MoneySmsKind.CustomerSend, "UAFAB2C5NP", 10, "DEMO KIOSK for Pochi la Biashara", null, null, "2026-01-15 06:05:00")]
    [InlineData(
        "Confirmed KES. 1,200.00 to DEMO ISP LTD A/C Ref.Number 00123 Via MPESA Ref UAIKL9M2UV by SAMUEL KIPTOO Phone 254710000555 on 18-01-2026 at 10:22.Thank you.",
        MoneySmsKind.EquityPayment, "UAIKL9M2UV", 1200, "SAMUEL KIPTOO", "254710000555", "00123", "2026-01-18 10:22:00")]
    [InlineData(
        "UAJNP4Q7WX~Payment Of Kshs 850.00 Has Been Received By DEMO ISP LTD For Account 778899, From GRACE MWENDE on 19/01/26 at 03.15pm",
        MoneySmsKind.BankTill, "UAJNP4Q7WX", 850, "GRACE MWENDE", null, "778899", "2026-01-19 15:15:00")]
    [InlineData(
        "Dear DEMO ISP, Your merchant account 55443 has been credited with KES 640.00 ref #UAKQR0S3YZ from ALEX N 254717xxx123 on 20-Jan-2026 16:20:01.",
        MoneySmsKind.BankMerchantCredit, "UAKQR0S3YZ", 640, "ALEX N", "254717***123", "55443", "2026-01-20 16:20:01")]
    public void A_sample_of_the_reference_is_read_to_the_field(
        string text, MoneySmsKind kind, string receipt, int amount, string name, string? number, string? account, string? saidAt)
    {
        var facts = Read(text);

        Assert.Equal((kind, receipt, (decimal?)amount), (facts.Kind, facts.Receipt, facts.Amount));
        Assert.Equal((name, number, account), (facts.PayerName, facts.PayerNumber, facts.Account));
        Assert.Equal(saidAt, facts.SaidAt?.ToOffset(TimeSpan.FromHours(3)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(
        "UAGDE8F1QR confirmed. Reversal of transaction UA17K4M2QX has been successfully reversed on 16/1/26 at 9:09 AM and Ksh1,000.00 is credited to your M-PESA account. New M-PESA account balance is Ksh1,010.50.",
        "UAGDE8F1QR", "UA17K4M2QX")]
    [InlineData(
        "UAHGH3J6ST confirmed. Reversal of transaction UA44N6P3WE has been successfully reversed on 17/1/26 at 9:09 AM and Ksh1,500.00 is debited from your M-PESA account. New M-PESA account balance is Ksh0.00.",
        "UAHGH3J6ST", "UA44N6P3WE")]
    [InlineData("UAHGH3J6SU Confirmed. Transaction UA44N6P3WE has been reversed. Your account balance is now Ksh12.00", "UAHGH3J6SU", "UA44N6P3WE")]
    public void A_reversal_names_the_payment_that_it_undoes_and_is_none_itself(string text, string receipt, string original)
    {
        var facts = Read(text);

        Assert.Equal((MoneySmsKind.Reversal, receipt, original), (facts.Kind, facts.Receipt, facts.OriginalReceipt));
        Assert.Null(facts.Family);
    }

    [Fact]
    public void Line_breaks_doubled_currencies_and_advertising_change_nothing()
    {
        var facts = Read("UA44N6P3WE\r\nConfirmed.on 4/1/26 at 6:12 PM\r\nKsh Ksh1,500.00 received\u00A0from\n254711222333 MARY ACHIENG.\nNew Account balance is Ksh12,040.00. Win a car! Dial *123#");

        Assert.Equal((MoneySmsKind.MerchantTill, 1500m, "MARY ACHIENG"), (facts.Kind, facts.Amount, facts.PayerName));
    }

    [Theory]
    [InlineData("UA3CZ81HTN Confirmed. You bought Ksh50.00 of airtime on 3/1/26 at 9:40 AM. New M-PESA balance is Ksh1.00.")]
    [InlineData("UA3CZ81HTP Confirmed.on 3/1/26 at 9:40 AM Withdraw Ksh500.00 from 123456 - DEMO AGENT New M-PESA balance is Ksh1.00.")]
    [InlineData("UA3CZ81HTQ Confirmed. on 3/1/26 at 9:40 AM Give Ksh500.00 cash to DEMO AGENT New M-PESA balance is Ksh1.00.")]
    [InlineData("UA3CZ81HTR Confirmed. Fuliza M-PESA amount is Ksh 10.00. Interest charged Ksh 0.10.")]
    [InlineData("Failed. You do not have enough money in your M-PESA account.")]
    [InlineData("You have cancelled the request.")]
    [InlineData("Your account balance was Ksh1.00")]
    public void What_tells_of_no_payment_is_known_as_such(string text) => Assert.Equal(MoneySmsKind.Nothing, Read(text).Kind);

    [Theory]
    [InlineData("Hello, did you get my money?")]
    [InlineData("")]
    [InlineData("Dear customer, your order UA17K4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh1,000.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA1 Confirmed. on 1/1/26 at 1:05 PM Ksh1,000.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Confirmed. on 31/2/26 at 1:05 PM Ksh1,000.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Confirmed. on 1/1/26 at 13:05 PM Ksh1,000.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh1,00,0.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh0.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh99,999,999,999,999,999,999,999,999,999,999 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17\u212A4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh1.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Confirmed. on 1/1/26 at 1:05 PM Ksh-5.00 received from JANE 254712345678. Account Number 1 New Utility balance is Ksh1.00")]
    [InlineData("UA17K4M2QX Imethibitishwa. Umepokea Ksh1,000.00 kutoka kwa JOHN DOE 0712345678 tarehe 8/1/26 saa 1:05 PM")]
    [InlineData("Dear Client, KES 500.00 has been credited to your account ending with 1234 from MPESA.")]
    public void What_is_not_exactly_a_known_message_is_not_read(string text)
        => Assert.IsType<SmsReading.NotRead>(SmsReader.Read(SmsText.Collapse(text), "MPESA", []));

    [Fact]
    public void A_long_text_made_to_be_hard_takes_no_time()
    {
        var text = SmsText.Collapse("UA17K4M2QX Confirmed. Ksh1.00 received from " + string.Concat(Enumerable.Repeat("254712345678 Account Number ", 500)));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 100; i++)
            Assert.IsType<SmsReading.NotRead>(SmsReader.Read(text, "MPESA", []));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    private static SmsFacts Read(string text) => Assert.IsType<SmsReading.Read>(SmsReader.Read(SmsText.Collapse(text), "MPESA", [])).Facts;
}
