using System.Net.Http.Headers;
using System.Text;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Sms;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class DarajaEmulatorTests
{
    private const string Push = "/mpesa/stkpush/v1/processrequest";

    [Theory]
    [InlineData("BusinessShortCode", "60", "400.002.02", 400)]
    [InlineData("BusinessShortCode", "600999", "500.001.1001", 500)]
    [InlineData("Password", "d3Jvbmc=", "500.001.1001", 500)]
    [InlineData("Password", null, "400.002.02", 400)]
    [InlineData("Timestamp", "20260101100501", "400.002.02", 400)]
    [InlineData("Timestamp", "20260101130502", "500.001.1001", 500)]
    [InlineData("TransactionType", "customerpaybillonline", "400.002.02", 400)]
    [InlineData("Amount", "10.50", "400.002.02", 400)]
    [InlineData("Amount", "250001", "400.002.02", 400)]
    [InlineData("PartyA", "0712345678", "400.002.02", 400)]
    [InlineData("PartyB", "x", "400.002.02", 400)]
    [InlineData("PhoneNumber", "+254712345678", "400.002.02", 400)]
    [InlineData("CallBackURL", "http://127.0.0.1/mpesa", "400.002.02", 400)]
    [InlineData("CallBackURL", "http://ISP.example.co.ke/cb", "400.002.02", 400)]
    [InlineData("AccountReference", "ABCDEF1234567", "400.002.02", 400)]
    [InlineData("TransactionDesc", "fourteen chars", "400.002.02", 400)]
    public async Task A_field_that_is_wrong_is_refused_with_its_code(string field, string? value, string code, int status)
    {
        await using var world = await DarajaWorld.OpenAsync();
        var body = world.RightPush();
        body[field] = value;

        var (answered, error) = await world.RawAsync(Push, body);

        Assert.Equal((status, code), (answered, error.GetProperty("errorCode").GetString()));
        if (code == "400.002.02")
            Assert.Equal($"Bad Request - Invalid {field}", error.GetProperty("errorMessage").GetString());
        Assert.Empty(world.Emulator.Prompts);
    }

    [Fact]
    public async Task The_same_push_unspoilt_is_accepted()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var (status, answer) = await world.RawAsync(Push, world.RightPush());

        Assert.Equal((200, "0"), (status, answer.GetProperty("ResponseCode").GetString()));
        Assert.StartsWith("ws_CO_01012026130501", answer.GetProperty("CheckoutRequestID").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_rules_take_no_http_callback()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { RequireHttpsCallbacks = true });

        Assert.Equal(ProviderRefusal.Configuration, Assert.IsType<PromptResult.Refused>(await world.PushAsync("254712345678")).Kind);
    }

    [Theory]
    [InlineData("GET", "/mpesa/stkpush/v1/processrequest", 405, "405.001")]
    [InlineData("POST", "/mpesa/stkpush/v1/processrequest", 404, "404.001.04")]
    [InlineData("GET", "/mpesa/elsewhere", 404, "404.001.01")]
    [InlineData("GET", "/oauth/v1/generate?grant_type=client_credentials", 400, "400.008.01")]
    public async Task Wrong_verbs_paths_and_headers_have_their_errors(string verb, string path, int status, string code)
    {
        await using var world = await DarajaWorld.OpenAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(verb), $"{world.Credentials.BaseUrl}{path}");

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains($"\"{code}\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_grant_type_has_its_error()
    {
        await using var world = await DarajaWorld.OpenAsync();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("key-of-demo:secret-of-demo")));

        var body = await (await http.GetAsync(
                $"{world.Credentials.BaseUrl}/oauth/v1/generate?grant_type=password", TestContext.Current.CancellationToken))
            .Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("400.008.02", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phone_with_an_open_prompt_is_locked()
    {
        await using var world = await DarajaWorld.OpenAsync();
        await world.AcceptedAsync("254712345678");

        var second = Assert.IsType<PromptResult.Refused>(await world.PushAsync("254712345678", 60));

        Assert.Equal(ProviderRefusal.SubscriberBusy, second.Kind);
    }

    [Fact]
    public async Task The_lock_may_show_only_in_the_callback()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { SubscriberLock = SubscriberLock.AsResult });
        await world.AcceptedAsync("254712345678");
        await world.AcceptedAsync("254712345678", 60);

        world.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("1001", (await world.CallbackAsync()).Parsed.ResultCode);
    }

    [Theory]
    [InlineData(SameAmountRule.SinceAnyRequest, "254712345032", "17")]
    [InlineData(SameAmountRule.SincePayment, "254712345032", "1032")]
    [InlineData(SameAmountRule.SincePayment, "254712345678", "17")]
    [InlineData(SameAmountRule.Off, "254712345678", "0")]
    public async Task The_same_amount_again_within_two_minutes_may_be_refused(SameAmountRule rule, string phone, string second)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { SameAmount = rule });
        await world.AcceptedAsync(phone);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        await world.CallbackAsync();

        await world.AcceptedAsync(phone);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(second, (await world.CallbackAsync()).Parsed.ResultCode);

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.AcceptedAsync(phone);
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.NotEqual("17", (await world.CallbackAsync()).Parsed.ResultCode);
    }

    [Theory]
    [InlineData("pin", "0")]
    [InlineData("cancel", "1032")]
    public async Task An_operator_can_play_the_customer(string deed, string code)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { ManualPatience = TimeSpan.FromMinutes(1) });
        var id = await world.AcceptedAsync("254712345678");
        world.Clock.Advance(TimeSpan.FromSeconds(50));
        using var http = new HttpClient();

        var prompts = await http.GetStringAsync($"{world.Credentials.BaseUrl}/_prompts", TestContext.Current.CancellationToken);
        using var done = await http.PostAsync(
            $"{world.Credentials.BaseUrl}/_prompts/{id}/{deed}", null, TestContext.Current.CancellationToken);
        using var again = await http.PostAsync(
            $"{world.Credentials.BaseUrl}/_prompts/{id}/{deed}", null, TestContext.Current.CancellationToken);

        Assert.Contains("\"isOpen\":true", prompts, StringComparison.Ordinal);
        Assert.Equal((204, 409), ((int)done.StatusCode, (int)again.StatusCode));
        Assert.Equal(code, (await world.CallbackAsync()).Parsed.ResultCode);
    }

    [Fact]
    public async Task A_prompt_that_nobody_answers_times_out()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { ManualPatience = TimeSpan.FromMinutes(1) });
        await world.AcceptedAsync("254712345678");

        world.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("1037", (await world.CallbackAsync()).Parsed.ResultCode);
    }

    [Fact]
    public async Task A_registered_short_code_gets_a_confirmation_with_the_same_receipt()
    {
        await using var world = await DarajaWorld.OpenAsync();
        world.Emulator.Options.Merchants[0].ConfirmationUrl = new Uri(world.CallbackUrl, "/pay/c2b");
        await world.AcceptedAsync("254712345678");

        world.Clock.Advance(TimeSpan.FromSeconds(6));
        var received = new[] { await world.CallbackAsync(), await world.CallbackAsync() }
            .Select(r => Encoding.UTF8.GetString(r.Body)).ToArray();
        var confirmation = Assert.Single(received, text => !text.Contains("stkCallback", StringComparison.Ordinal));
        var receipt = Assert.Single(world.Emulator.Statement.Lines).Receipt;

        Assert.Contains($"\"TransID\":\"{receipt}\"", confirmation, StringComparison.Ordinal);
        Assert.Contains("\"TransAmount\":\"50.00\"", confirmation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callbacks_can_be_told_to_be_lost_doubled_and_out_of_order()
    {
        await using var world = await DarajaWorld.OpenAsync();
        world.Emulator.CallbackPlan = prompt => prompt.Request.Amount switch
        {
            10 => [],
            20 => [TimeSpan.FromMinutes(5)],
            _ => [TimeSpan.Zero, TimeSpan.FromMinutes(1)],
        };
        foreach (var amount in new[] { 10, 20, 30 })
            await world.AcceptedAsync($"2547123456{amount}", amount);

        world.Clock.Advance(TimeSpan.FromSeconds(6));
        var amounts = new List<decimal?> { (await world.CallbackAsync()).Parsed.Amount };
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        amounts.Add((await world.CallbackAsync()).Parsed.Amount);
        world.Clock.Advance(TimeSpan.FromMinutes(4));
        amounts.Add((await world.CallbackAsync()).Parsed.Amount);

        Assert.Equal([30m, 30m, 20m], amounts);
        Assert.Equal(60, world.Emulator.Statement.Total);
    }

    [Fact]
    public void Both_emulators_can_be_set_up_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Daraja:ManualPatience"] = "00:01:00",
            ["Daraja:Merchants:0:ConsumerKey"] = "key",
            ["Daraja:Merchants:0:ConsumerSecret"] = "secret",
            ["Daraja:Merchants:0:ShortCode"] = "600111",
            ["Daraja:Merchants:0:Passkey"] = "passkey",
            ["Daraja:Merchants:0:ConfirmationUrl"] = "http://127.0.0.1:5081/pay/c2b",
            ["Sms:Accounts:0:ApiKey"] = "key",
            ["Sms:Accounts:0:PartnerId"] = "77",
            ["Sms:Accounts:0:SenderIds:0"] = "DEMOISP",
        }).Build();

        var daraja = configuration.GetSection(DarajaEmulatorOptions.Section).Get<DarajaEmulatorOptions>()!;
        var sms = configuration.GetSection(SmsEmulatorOptions.Section).Get<SmsEmulatorOptions>()!;

        Assert.Equal(TimeSpan.FromMinutes(1), daraja.ManualPatience);
        Assert.Equal("http://127.0.0.1:5081/pay/c2b", Assert.Single(daraja.Merchants).ConfirmationUrl?.AbsoluteUri);
        Assert.Equal("DEMOISP", Assert.Single(Assert.Single(sms.Accounts).SenderIds));
    }

    [Fact]
    public async Task An_emulator_with_a_short_memory_forgets_what_was_settled_long_ago()
    {
        await using var world = await DarajaWorld.OpenAsync();
        world.Emulator.Options.Memory = TimeSpan.FromHours(1);
        await world.AcceptedAsync("254712345610", 10);
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        await world.CallbackAsync();

        world.Clock.Advance(TimeSpan.FromMinutes(61));
        await world.AcceptedAsync("254712345611", 20);

        Assert.Equal(20, Assert.Single(world.Emulator.Prompts).Request.Amount);
        Assert.Empty(world.Emulator.Statement.Lines);
    }

    [Fact]
    public async Task The_statement_lists_what_was_paid()
    {
        await using var world = await DarajaWorld.OpenAsync();
        await Task.WhenAll(Enumerable.Range(10, 40).Select(i => world.PushAsync($"2547123456{i}", i)));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        using var http = new HttpClient();

        var json = await http.GetStringAsync($"{world.Credentials.BaseUrl}/_statement", TestContext.Current.CancellationToken);

        var lines = world.Emulator.Statement.Lines;
        Assert.Equal(world.Emulator.Prompts.Where(p => p.ResultCode == "0").Sum(p => p.Request.Amount), world.Emulator.Statement.Total);
        Assert.All(lines, line => Assert.Matches("^[A-Z0-9]{10}$", line.Receipt));
        Assert.Equal(lines.Count, lines.Select(line => line.Receipt).Distinct().Count());
        Assert.Contains(lines[0].Receipt, json, StringComparison.Ordinal);
    }
}
