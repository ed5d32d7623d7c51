using System.Text;
using EasyIsp.Core.Payments.Daraja;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class StkCallbackTests
{
    [Fact]
    public void Items_are_found_by_name_in_any_order_and_in_any_type()
    {
        var callback = Parsed("""
            "ResultCode": "0", "CallbackMetadata": { "Item": [
              { "Name": "PhoneNumber", "Value": "2547******78" }, { "Name": "Balance" }, 7,
              { "Name": "TransactionDate", "Value": "20260101130519" },
              { "Name": "MpesaReceiptNumber", "Value": "UA17K4M2QX" }, { "Name": "Amount", "Value": "1500.00" } ] }
            """);

        Assert.Equal(1500m, callback.Amount);
        Assert.Equal("UA17K4M2QX", callback.Receipt);
        Assert.Equal("2547******78", callback.Phone);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 10, 5, 19, TimeSpan.Zero), callback.TransactedAt);
    }

    [Fact]
    public void A_success_without_metadata_is_paid_with_its_receipt_to_come()
    {
        var callback = Parsed("\"ResultCode\": 0");

        Assert.True(callback.IsPaid);
        Assert.Null(callback.Receipt);
        Assert.Null(callback.Amount);
    }

    [Fact]
    public void A_result_code_that_is_no_number_is_kept()
        => Assert.Equal("SFC_IC0003", Parsed("\"ResultCode\": \"SFC_IC0003\"").ResultCode);

    [Theory]
    [InlineData("", "not a JSON object")]
    [InlineData("<html>", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{} {}", "not a JSON object")]
    [InlineData("{}", "no Body.stkCallback")]
    [InlineData("""{"Body":[]}""", "no Body.stkCallback")]
    [InlineData("""{"Body":{"stkCallback":{"CheckoutRequestID":"b","ResultCode":0}}}""", "no usable MerchantRequestID")]
    [InlineData("""{"Body":{"stkCallback":{"MerchantRequestID":"a","CheckoutRequestID":"b\u0000","ResultCode":0}}}""", "no usable CheckoutRequestID")]
    [InlineData("""{"Body":{"stkCallback":{"MerchantRequestID":"a","CheckoutRequestID":"b","ResultCode":null}}}""", "no usable ResultCode")]
    [InlineData("""{"Body":{"stkCallback":{"MerchantRequestID":"a","CheckoutRequestID":"b","ResultCode":0,"CallbackMetadata":{"Item":[{"Name":"Amount","Value":-1}]}}}}""", "an Amount that is no amount")]
    [InlineData("""{"Body":{"stkCallback":{"MerchantRequestID":"a","CheckoutRequestID":"b","ResultCode":0,"CallbackMetadata":{"Item":[{"Name":"Amount","Value":1e99}]}}}}""", "an Amount that is no amount")]
    [InlineData("""{"Body":{"stkCallback":{"MerchantRequestID":"a","CheckoutRequestID":"b","ResultCode":0,"CallbackMetadata":{"Item":[{"Name":"MpesaReceiptNumber","Value":"'; drop"}]}}}}""", "an MpesaReceiptNumber that is no receipt")]
    public void What_is_no_callback_is_refused_with_its_reason(string body, string reason)
    {
        Assert.False(StkCallback.TryParse(Encoding.UTF8.GetBytes(body), out _, out var malformed));
        Assert.Equal(reason, malformed);
    }

    [Fact]
    public void More_than_64_kilobytes_are_not_looked_at()
    {
        Assert.False(StkCallback.TryParse(new byte[StkCallback.MaxBytes + 1], out _, out var malformed));
        Assert.Equal("larger than 64 KB", malformed);
    }

    [Fact]
    public void Printing_a_callback_shows_no_phone()
        => Assert.Equal("result 0 of m-1", Parsed("\"ResultCode\": 0").ToString());

    private static StkCallback Parsed(string rest)
    {
        var body = """{"Body":{"stkCallback":{"MerchantRequestID":"m-1","CheckoutRequestID":"ws_CO_1",""" + rest + "}}}";
        Assert.True(StkCallback.TryParse(Encoding.UTF8.GetBytes(body), out var callback, out var malformed), malformed);
        return callback;
    }
}
