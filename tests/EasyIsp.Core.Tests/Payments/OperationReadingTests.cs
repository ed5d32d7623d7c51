using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Daraja;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>The looseness that outcomes of orders come with (mpesa.md, 5).</summary>
public sealed class OperationReadingTests
{
    [Fact]
    public void An_outcome_is_read_whatever_is_a_number_or_a_string_and_however_keys_are_spelt()
    {
        var result = Read("""
            { "Result": { "ResultType": "0", "ResultCode": "0", "ResultDesc": "ok", "OriginatorConversationID": "f1e2",
              "Conversation ID": "AG_1", "TransactionID": "UA2CD45EFG",
              "ResultParameters": { "ResultParameter": [
                { "Key": "Amount", "Value": 100.00 }, { "Key": "TransactionReason" },
                { "Key": "DebitPartyName", "Value": "254712345678 - JANE WANJIKU" }, { "Key": "DebitPartyName", "Value": "again" },
                { "Key": "TransactionStatus", "Value": "Completed" }, { "Key": "ReceiptNo", "Value": "UA17K4M2QX" },
                { "Key": "CreditPartyName", "Value": "600111 - DEMO ISP" }, { "Key": "FinalisedTime", "Value": 20260102094512 } ] },
              "ReferenceData": { "ReferenceItem": [ { "Key": "QueueTimeoutURL" } ] } } }
            """);

        Assert.True(result.IsSuccess);
        Assert.Equal(("AG_1", "UA2CD45EFG"), (result.ConversationId, result.Receipt));
        var report = TransactionReport.Of(result);
        Assert.Equal((TransactionOutcome.Completed, "UA17K4M2QX", 100m), (report.Outcome, report.Receipt, report.Amount));
        Assert.Equal(new TransactionParty("254712345678", "JANE WANJIKU"), report.Payer);
        Assert.Equal(new TransactionParty("600111", "DEMO ISP"), report.Receiver);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 6, 45, 12, TimeSpan.Zero), report.FinalisedAt);
    }

    [Fact]
    public void One_parameter_may_stand_alone_and_a_dummy_receipt_is_none()
    {
        var result = Read("""
            { "Result": { "ResultCode": "R000002", "TransactionID": "UA20000000",
              "ResultParameters": { "ResultParameter": { "Key": "BOCompletedTime", "Value": 1 } }, "ReferenceData": { "ReferenceItem": {} } } }
            """);

        Assert.Equal(("R000002", null, "1"), (result.ResultCode, result.Receipt, result["BOCompletedTime"]));
        Assert.False(result.IsSuccess);
    }

    [Theory]
    [InlineData("UA17K4M2QX", "UA17K4M2QX")]
    [InlineData(" ua17k4m2qx ", "UA17K4M2QX")]
    [InlineData("UA17K4M2QXUA17K4M2QXUA17K4M2QX", null)]
    [InlineData("UA10000000", null)]
    [InlineData("not known", null)]
    public void What_could_be_no_receipt_is_none(string told, string? receipt)
        => Assert.Equal(receipt, TransactionReport.Of(Read(
            $$"""{ "Result": { "ResultCode": 0, "ResultParameters": { "ResultParameter": { "Key": "ReceiptNo", "Value": "{{told}}" } } } }""")).Receipt);

    [Fact]
    public void An_answer_that_names_no_original_id_gives_none()
    {
        using var body = JsonDocument.Parse("""{ "ConversationID": "AG_1", "ResponseCode": "0" }""");
        var answer = new JsonAnswer(HttpStatusCode.OK, body.RootElement);

        Assert.Equal(new OperationAck.Accepted("AG_1", null), OperationAck.Of(new DarajaReply.Answered(answer)));
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "Result": {} }""")]
    [InlineData("""{ "Result": { "ResultCode": {} } }""")]
    public void What_is_no_outcome_is_told_so(string body)
        => Assert.False(OperationResult.TryParse(Encoding.UTF8.GetBytes(body), out _, out _));

    [Fact]
    public void Funds_are_read_with_their_debts()
    {
        var funds = FundsAccount.ListOf(
            "Working Account|KES|700.00|700.00|0.00|0.00&Utility Account|KES|2280.00|2000.00|280.00|0.00&Charges Paid Account|KES|-15.40|-15.40|0.00|0.00&rubbish&|KES|1");

        Assert.Equal([("Working Account", 700m, 700m), ("Utility Account", 2280m, 2000m), ("Charges Paid Account", -15.40m, -15.40m)],
            funds.Select(f => (f.Name, f.Current, f.Available)));
    }

    [Fact]
    public void A_password_is_encrypted_for_the_certificates_owner_alone_and_never_twice_alike()
    {
        using var certificate = new DarajaCertificate(new FakeTimeProvider());
        using var other = new DarajaCertificate(new FakeTimeProvider());

        var credential = SecurityCredential.Of("Secret#1", certificate.Der);

        Assert.Equal(344, credential.Length);
        Assert.NotEqual(credential, SecurityCredential.Of("Secret#1", Encoding.UTF8.GetBytes(certificate.Pem)));
        Assert.Null(SecurityCredential.Read(Encoding.UTF8.GetBytes("no certificate")));
        Assert.ThrowsAny<CryptographicException>(() => SecurityCredential.Of(new string('x', 300), certificate.Der));
        Assert.NotEqual(SecurityCredential.Read(certificate.Der), SecurityCredential.Read([]));
    }

    private static OperationResult Read(string body)
        => OperationResult.TryParse(Encoding.UTF8.GetBytes(body), out var result, out var malformed) ? result : throw new InvalidOperationException(malformed);
}
