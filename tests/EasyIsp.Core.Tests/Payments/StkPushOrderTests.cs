using EasyIsp.Core.Payments.Daraja;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class StkPushOrderTests
{
    private const string Callback = "https://isp.example.co.ke/pay/cb/9f2c";

    [Theory]
    [InlineData("254712345678", "1", "A", "", Callback)]
    [InlineData("+254112345678", "250000", "ABCDEF123456", "thirteen chrs", "http://127.0.0.1:5081/pay/cb/1")]
    public void What_Daraja_takes_is_taken(string phone, string amount, string reference, string description, string callback)
        => Assert.StartsWith("254", Order(phone, amount, reference, description, callback).Phone, StringComparison.Ordinal);

    [Theory]
    [InlineData("0712345678", "50", "A", "", Callback)]
    [InlineData("254202345678", "50", "A", "", Callback)]
    [InlineData("254712345678\n", "50", "A", "", Callback)]
    [InlineData("254712345678", "0", "A", "", Callback)]
    [InlineData("254712345678", "250001", "A", "", Callback)]
    [InlineData("254712345678", "50.5", "A", "", Callback)]
    [InlineData("254712345678", "50", "", "", Callback)]
    [InlineData("254712345678", "50", "ABCDEF1234567", "", Callback)]
    [InlineData("254712345678", "50", "ISP-123", "", Callback)]
    [InlineData("254712345678", "50", "A", "fourteen chars", Callback)]
    [InlineData("254712345678", "50", "A", "", "https://isp.example.co.ke/mpesa/cb")]
    [InlineData("254712345678", "50", "A", "", "https://isp.example.co.ke/StkQuery/cb")]
    [InlineData("254712345678", "50", "A", "", "ftp://isp.example.co.ke/cb")]
    public void What_Daraja_would_refuse_is_refused_before_it_is_sent(
        string phone, string amount, string reference, string description, string callback)
        => Assert.Throws<ArgumentException>(() => Order(phone, amount, reference, description, callback));

    [Fact]
    public void The_password_is_the_one_of_the_reference()
    {
        var timestamp = StkPassword.TimestampAt(new DateTimeOffset(2026, 1, 1, 10, 5, 1, TimeSpan.Zero));

        Assert.Equal("20260101130501", timestamp);
        Assert.Equal(
            "NjAwMTExZGVtby1wYXNza2V5LW5vdC1yZWFsMjAyNjAxMDExMzA1MDE=",
            StkPassword.For("600111", "demo-passkey-not-real", timestamp));
    }

    [Theory]
    [InlineData("0", StkResultClass.Paid, PayerMessage.Paid, false)]
    [InlineData("1032", StkResultClass.Customer, PayerMessage.Cancelled, false)]
    [InlineData("26", StkResultClass.Transient, PayerMessage.ServiceBusy, true)]
    [InlineData("SFC_IC0003", StkResultClass.Config, PayerMessage.ProviderNotSetUp, false)]
    [InlineData("8", StkResultClass.Merchant, PayerMessage.ProviderCannotReceive, false)]
    [InlineData("4999", StkResultClass.Pending, PayerMessage.StillWaiting, false)]
    [InlineData("31337", StkResultClass.Unknown, PayerMessage.NotCompleted, false)]
    public void A_result_code_says_whose_it_is_and_what_the_payer_hears(
        string code, StkResultClass resultClass, PayerMessage message, bool mayRetry)
        => Assert.Equal(new StkResultCode(code, resultClass, message, mayRetry), StkResultCode.Of(code));

    private static StkPushOrder Order(string phone, string amount, string reference, string description, string callback)
        => new(phone, decimal.Parse(amount), reference, description, new Uri(callback));
}
