using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Shared;
using EasyIsp.Emulators.Sms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class PartnerIdGatewayTests
{
    private const string Phone = "+254712345678";
    private static readonly SmsCredentials Anyone = new(PartnerIdHosts.TextSms, "key-of-demo", "77", "DEMOISP");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_text_reaches_the_phone_whatever_the_reply_looks_like(bool spellCodeRight, bool numbersAsStrings)
    {
        await using var world = await World.OpenAsync(new() { SpellCodeRight = spellCodeRight, NumbersAsStrings = numbersAsStrings });

        var accepted = Assert.IsType<SmsSendResult.Accepted>(await world.SendAsync(Phone, "Asante! KES 50"));

        var message = Assert.Single(world.Inbox.Messages);
        Assert.Equal(("254712345678", "DEMOISP", "Asante! KES 50"), (message.Mobile, message.Sender, message.Text));
        Assert.Equal(message.MessageId, accepted.ProviderMessageId);
    }

    [Theory]
    [InlineData("001", "1003", SmsRetryClass.Number)]
    [InlineData("002", "1004", SmsRetryClass.Funds)]
    [InlineData("003", "1001", SmsRetryClass.Config)]
    [InlineData("004", "HTTP 503", SmsRetryClass.Transient)]
    public async Task A_refusal_says_what_would_have_to_change(string ending, string code, SmsRetryClass retryClass)
    {
        await using var world = await World.OpenAsync();

        var refused = Assert.IsType<SmsSendResult.Refused>(await world.SendAsync($"254712345{ending}", "x"));

        Assert.Equal((code, retryClass), (refused.Code, refused.RetryClass));
        Assert.Empty(world.Inbox.Messages);
    }

    [Theory]
    [InlineData("005")]
    [InlineData("008")]
    public async Task No_answer_and_a_web_page_are_unknown(string ending)
    {
        await using var world = await World.OpenAsync(patience: TimeSpan.FromSeconds(1));

        Assert.IsType<SmsSendResult.Unknown>(await world.SendAsync($"254712345{ending}", "x"));
    }

    [Theory]
    [InlineData("006", "DeliveryImpossible")]
    [InlineData("007", "SenderName Blacklisted")]
    [InlineData("678", "DeliveredToTerminal")]
    public async Task The_emulators_delivery_report_comes_after_three_seconds(string ending, string report)
    {
        await using var world = await World.OpenAsync();
        await world.SendAsync($"254712345{ending}", "x");
        var query = new { apikey = "key-of-demo", partnerID = "77", messageID = world.Inbox.Messages[0].MessageId };

        Assert.Contains("1008", await world.RawAsync("/api/services/getdlr", query), StringComparison.Ordinal);
        world.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Contains(
            $"\"delivery-description\":\"{report}\"", await world.RawAsync("/api/services/getdlr/", query), StringComparison.Ordinal);
        Assert.Contains(report, await world.InboxJsonAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("006")]
    [InlineData("007")]
    [InlineData("009")]
    [InlineData("678")]
    public async Task What_fails_later_is_accepted_now(string ending)
    {
        await using var world = await World.OpenAsync();

        Assert.IsType<SmsSendResult.Accepted>(await world.SendAsync($"254712345{ending}", "x"));
    }

    [Fact]
    public async Task An_answer_for_nobody_is_a_failure()
    {
        await using var world = await World.OpenAsync(new() { AnswerEmpty = true });

        Assert.IsType<SmsSendResult.Refused>(await world.SendAsync(Phone, "x"));
    }

    [Fact]
    public async Task A_wrong_key_is_a_matter_of_configuration_though_the_status_is_200()
    {
        await using var world = await World.OpenAsync();

        var result = await world.Gateway.SendAsync(
            world.Credentials with { ApiKey = "other" }, Phone, "x", TestContext.Current.CancellationToken);

        Assert.Equal(new SmsSendResult.Refused("1006", "Invalid credentials", SmsRetryClass.Config), result);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unknown()
    {
        await using var world = await World.OpenAsync();
        var nowhere = world.Credentials with { BaseUrl = new Uri("http://127.0.0.1:1") };

        Assert.IsType<SmsSendResult.Unknown>(
            await world.Gateway.SendAsync(nowhere, Phone, "x", TestContext.Current.CancellationToken));
        Assert.IsType<SmsBalanceResult.Unknown>(
            await world.Gateway.BalanceAsync(nowhere, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("credit")]
    [InlineData("balance")]
    public async Task The_balance_goes_down_by_what_was_sent(string name)
    {
        await using var world = await World.OpenAsync(new() { CreditName = name });
        await world.SendAsync(Phone, "x");

        var balance = await world.Gateway.BalanceAsync(world.Credentials, TestContext.Current.CancellationToken);

        Assert.Equal(new SmsBalanceResult.Known(99), balance);
    }

    [Theory]
    [InlineData("0712345678", "x")]
    [InlineData("+254712345678", " ")]
    public async Task Nonsense_is_refused_before_it_is_sent(string phone, string text)
    {
        await using var world = await World.OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => world.SendAsync(phone, text));
    }

    [Fact]
    public async Task Neither_key_nor_text_nor_phone_reaches_the_log()
    {
        await using var world = await World.OpenAsync();

        await world.SendAsync(Phone, "your code is 4711");
        await world.SendAsync("254712345001", "your code is 4711");

        Assert.All(
            [world.Credentials.ApiKey, "4711", "712345"],
            secret => Assert.DoesNotContain(secret, world.Log.From(LogLevel.Trace) + world.Credentials, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, """{"response-code":1006,"response-description":"Key key-of-demo of 254712345678 is bad"}""", "1006")]
    [InlineData(200, """{"responses":[{"respose-code":"4090","response-description":"x"}]}""", "4090")]
    [InlineData(200, """{"responses":[{"respose-code":0,"response-description":"x"}]}""", "0")]
    [InlineData(429, """{"message":"slow down"}""", "HTTP 429")]
    public void A_refusal_is_read_from_every_shape_and_names_no_secret(int status, string json, string code)
    {
        var refused = Assert.IsType<SmsSendResult.Refused>(PartnerIdReply.OfSend(Answer(status, json), Anyone));

        Assert.Equal(code, refused.Code);
        Assert.DoesNotContain("key-of-demo", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("254712345678", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"response-code":200}""")]
    [InlineData(200, """{"responses":["odd"]}""")]
    [InlineData(502, """{"error":"bad gateway"}""")]
    public void What_cannot_be_read_is_unknown(int status, string json)
        => Assert.IsType<SmsSendResult.Unknown>(PartnerIdReply.OfSend(Answer(status, json), Anyone));

    private static JsonAnswer Answer(int status, string json) => new((HttpStatusCode)status, JsonElement.Parse(json));

    private sealed class World(EmulatorServer server, ServiceProvider ours, LogLines log) : IAsyncDisposable
    {
        private static readonly JsonSerializerOptions AsNamed = new();

        public FakeTimeProvider Clock => server.Clock;
        public SmsInbox Inbox => server.Services.GetRequiredService<SmsInbox>();
        public ISmsGateway Gateway => ours.GetRequiredService<ISmsGateway>();
        public LogLines Log => log;
        public SmsCredentials Credentials => Anyone with { BaseUrl = new Uri(server.Address, "/sms") };

        public static async Task<World> OpenAsync(SmsEmulatorOptions? options = null, TimeSpan? patience = null)
        {
            options ??= new SmsEmulatorOptions();
            options.Accounts.Add(new SmsEmulatorAccount
            {
                ApiKey = "key-of-demo", PartnerId = "77", SenderIds = ["DEMOISP"], Credit = 100,
            });
            var server = await EmulatorServer.StartAsync(
                services => services.AddSmsEmulator(options), app => app.MapSmsEmulator(), TestContext.Current.CancellationToken);
            var log = new LogLines();
            var ours = new ServiceCollection()
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))
                .AddSms();
            ours.AddHttpClient(SmsFeature.HttpClientName, client => client.Timeout = patience ?? client.Timeout);
            return new World(server, ours.BuildServiceProvider(), log);
        }

        public Task<SmsSendResult> SendAsync(string phone, string text)
            => Gateway.SendAsync(Credentials, phone, text, TestContext.Current.CancellationToken);

        public async Task<string> RawAsync(string path, object body)
        {
            using var http = new HttpClient();
            using var response = await http.PostAsJsonAsync(
                $"{Credentials.BaseUrl}{path}", body, AsNamed, TestContext.Current.CancellationToken);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        public async Task<string> InboxJsonAsync()
        {
            using var http = new HttpClient();
            return await http.GetStringAsync($"{Credentials.BaseUrl}/_inbox", TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await ours.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
