using System.Net;
using System.Text.Json;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Shared;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class StkReadingTests
{
    [Theory]
    [InlineData(400, "400.002.02", "Bad Request - Invalid PhoneNumber", ProviderRefusal.BadInput)]
    [InlineData(400, "400.002.02", "Bad Request - Invalid BusinessShortCode", ProviderRefusal.Configuration)]
    [InlineData(400, "400.002.02", "Bad Request - Invalid CallBackURL", ProviderRefusal.Configuration)]
    [InlineData(400, "400.002.05", "Invalid Request Payload", ProviderRefusal.BadInput)]
    [InlineData(400, "400.003.02", "Bad Request", ProviderRefusal.BadInput)]
    [InlineData(401, "401.002.01", "Error Occurred - Invalid Access Token - Abc123", ProviderRefusal.Credentials)]
    [InlineData(404, "404.001.03", "Invalid Access Token", ProviderRefusal.Credentials)]
    [InlineData(404, "404.001.01", "Resource not found", ProviderRefusal.Configuration)]
    [InlineData(404, "404.001.04", "Invalid Authentication Header", ProviderRefusal.Configuration)]
    [InlineData(405, "405.001", "GET Method Not Allowed", ProviderRefusal.BadInput)]
    [InlineData(500, "500.001.1001", "MERCHANT does not exist", ProviderRefusal.Configuration)]
    [InlineData(500, "500.001.1001", "[MerchantValidate] - Wrong credentials", ProviderRefusal.Credentials)]
    [InlineData(500, "500.001.1001", "Unable to lock subscriber, a transaction is already in process", ProviderRefusal.SubscriberBusy)]
    [InlineData(500, "500.002.1001", "Service is currently under maintenance", ProviderRefusal.Unavailable)]
    [InlineData(500, "500.003.02", "System is busy. Please try again in few minutes.", ProviderRefusal.Throttled)]
    [InlineData(500, "500.003.02", "Error Occurred: Spike Arrest Violation", ProviderRefusal.Throttled)]
    [InlineData(500, "500.003.03", "Quota Violation", ProviderRefusal.Throttled)]
    [InlineData(401, "401.001.01", "Invalid API call as no apiproduct match found", ProviderRefusal.Configuration)]
    public void A_known_refusal_has_its_kind(int status, string code, string message, ProviderRefusal kind)
        => Assert.Equal(kind, Assert.IsType<PromptResult.Refused>(StkReading.OfPush(Error(status, code, message))).Kind);

    [Theory]
    [InlineData(500, "500.001.1001", "something new")]
    [InlineData(500, "500.003.1001", "Internal Server Error")]
    [InlineData(400, "400.999.99", "who knows")]
    public void What_is_not_known_is_unknown_and_no_failure(int status, string code, string message)
        => Assert.IsType<PromptResult.OutcomeUnknown>(StkReading.OfPush(Error(status, code, message)));

    [Theory]
    [InlineData("""{"ResponseCode":"1","CheckoutRequestID":"ws_CO_1"}""")]
    [InlineData("""{"ResponseCode":"0"}""")]
    [InlineData("""{}""")]
    public void An_acceptance_that_is_none_is_unknown(string json)
        => Assert.IsType<PromptResult.OutcomeUnknown>(StkReading.OfPush(Answer(200, json)));

    [Theory]
    [InlineData("""{"ResultCode":"7777","ResultDesc":"new"}""")]
    [InlineData("""{"ResultCode":"0","CheckoutRequestID":"ws_CO_another"}""")]
    [InlineData("""{"ResponseCode":"0"}""")]
    public void A_query_that_settles_nothing_is_no_answer(string json)
        => Assert.IsType<StkQueryResult.NoAnswer>(StkReading.OfQuery(Answer(200, json), "ws_CO_1"));

    [Fact]
    public void Tokens_and_phones_are_taken_out_of_messages()
    {
        var reply = Error(401, "401.002.01", "Error Occurred - Invalid Access Token - aB3dE5gH7jK9mN1pQ3sT5vW7yZ9b for 254712345678");

        Assert.Equal("Error Occurred - Invalid Access Token - *** for ***", reply.ErrorMessage);
    }

    private static DarajaReply.Answered Error(int status, string code, string message)
        => Answer(status, JsonSerializer.Serialize(new { requestId = "1", errorCode = code, errorMessage = message }));

    private static DarajaReply.Answered Answer(int status, string json)
        => new(new JsonAnswer((HttpStatusCode)status, JsonElement.Parse(json)));
}
