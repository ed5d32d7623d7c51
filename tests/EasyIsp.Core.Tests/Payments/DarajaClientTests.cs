using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Emulators.Daraja;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class DarajaClientTests
{
    private const string Phone = "254712345678";

    [Fact]
    public async Task A_paid_push_comes_back_with_the_receipt_that_stands_in_the_statement()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var id = await world.AcceptedAsync(Phone, 1500);
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        var received = await world.CallbackAsync();

        var line = Assert.Single(world.Emulator.Statement.Lines);
        var callback = received.Parsed;
        Assert.True(callback.IsPaid);
        Assert.Equal(id, callback.CheckoutRequestId);
        Assert.Equal(1500m, callback.Amount);
        Assert.Equal(line.Receipt, callback.Receipt);
        Assert.StartsWith("UA1", line.Receipt, StringComparison.Ordinal);
        Assert.Equal(Phone, callback.Phone);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 10, 5, 7, TimeSpan.Zero), callback.TransactedAt);
        Assert.Equal("application/json;charset=UTF-8", received.ContentType);
        Assert.Equal("600111", received.ShortCode);
        Assert.IsType<StkQueryResult.Paid>(await world.QueryAsync(id));
    }

    [Theory]
    [InlineData("001", "1", 6)]
    [InlineData("032", "1032", 8)]
    [InlineData("037", "1037", 26)]
    [InlineData("019", "1019", 6)]
    [InlineData("201", "2001", 6)]
    [InlineData("228", "2028", 6)]
    [InlineData("904", "SFC_IC0003", 6)]
    public async Task A_payment_that_fails_says_so_by_callback_and_by_query(string ending, string code, int seconds)
    {
        await using var world = await DarajaWorld.OpenAsync();

        var id = await world.AcceptedAsync($"254712345{ending}");
        world.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.IsType<StkQueryResult.StillPending>(await world.QueryAsync(id));
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        var callback = (await world.CallbackAsync()).Parsed;
        Assert.Equal(code, callback.ResultCode);
        Assert.False(callback.IsPaid);
        Assert.Null(callback.Amount);
        Assert.Equal(code, Assert.IsType<StkQueryResult.Failed>(await world.QueryAsync(id)).Code);
        Assert.Empty(world.Emulator.Statement.Lines);
    }

    [Theory]
    [InlineData("026", "500.003.02", ProviderRefusal.Throttled)]
    [InlineData("101", "500.001.1001", ProviderRefusal.SubscriberBusy)]
    public async Task A_push_refused_at_once_says_who_can_mend_it(string ending, string code, ProviderRefusal kind)
    {
        await using var world = await DarajaWorld.OpenAsync();

        var refused = Assert.IsType<PromptResult.Refused>(await world.PushAsync($"254712345{ending}"));

        Assert.Equal((code, kind), (refused.Code, refused.Kind));
        Assert.Empty(world.Emulator.Prompts);
    }

    [Fact]
    public async Task The_query_finds_a_payment_whose_callback_was_never_sent()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var id = await world.AcceptedAsync("254712345900");
        world.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.IsType<StkQueryResult.Paid>(await world.QueryAsync(id));
        Assert.Empty(world.Emulator.Callbacks.Deliveries);
    }

    [Fact]
    public async Task A_callback_may_come_three_times_with_one_receipt()
    {
        await using var world = await DarajaWorld.OpenAsync();

        await world.AcceptedAsync("254712345901");
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        var receipts = new[] { await world.CallbackAsync(), await world.CallbackAsync(), await world.CallbackAsync() }
            .Select(received => received.Parsed.Receipt);

        Assert.Single(receipts.Distinct());
        Assert.Single(world.Emulator.Statement.Lines);
    }

    [Fact]
    public async Task A_slow_payment_is_pending_for_a_minute_and_then_paid()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var id = await world.AcceptedAsync("254712345902");
        world.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.IsType<StkQueryResult.StillPending>(await world.QueryAsync(id));
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.IsType<StkQueryResult.Paid>(await world.QueryAsync(id));
    }

    [Fact]
    public async Task A_finished_payment_that_the_query_denies_is_no_failure()
    {
        await using var world = await DarajaWorld.OpenAsync(new DarajaEmulatorOptions { QueryFaultRate = 1 });

        var id = await world.AcceptedAsync("254712345903");
        world.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<StkQueryResult.NoAnswer>(await world.QueryAsync(id));
        world.Emulator.Options.QueryFaultRate = 0;
        Assert.IsType<StkQueryResult.Paid>(await world.QueryAsync(id));

        Assert.Empty(world.Emulator.Callbacks.Deliveries);
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await world.CallbackAsync()).Parsed.IsPaid);
    }

    [Theory]
    [InlineData(PendingForm.BeingProcessed, 500)]
    [InlineData(PendingForm.EmptyMessage, 500)]
    [InlineData(PendingForm.EmptyMessage, 200)]
    public async Task Every_500_001_1001_on_a_query_is_no_answer(PendingForm form, int status)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { Pending = form, PendingErrorStatus = status });

        var id = await world.AcceptedAsync(Phone);

        Assert.IsType<StkQueryResult.NoAnswer>(await world.QueryAsync(id));
        Assert.IsType<StkQueryResult.NoAnswer>(await world.QueryAsync("ws_CO_unknown"));
    }

    [Fact]
    public async Task A_push_that_hangs_is_unknown_is_not_repeated_and_may_be_paid_later()
    {
        await using var world = await DarajaWorld.OpenAsync();

        await world.AcceptedAsync("254712345032");
        world.LosePatience();

        Assert.IsType<PromptResult.OutcomeUnknown>(await world.PushAsync("254712345905"));

        Assert.Equal(2, world.Emulator.PushesReceived);
        world.Clock.Advance(TimeSpan.FromSeconds(8));
        Assert.False((await world.CallbackAsync()).Parsed.IsPaid);
        world.Clock.Advance(TimeSpan.FromSeconds(28));
        Assert.True((await world.CallbackAsync()).Parsed.IsPaid);
        Assert.Single(world.Emulator.Statement.Lines);
    }

    [Theory]
    [InlineData(DarajaFault.HtmlPage)]
    [InlineData(DarajaFault.HtmlForbidden)]
    [InlineData(DarajaFault.Unavailable)]
    [InlineData(DarajaFault.ConnectionReset)]
    [InlineData(DarajaFault.Hang)]
    public async Task Whatever_is_no_answer_leaves_a_push_unknown_and_a_query_open(DarajaFault fault)
    {
        await using var world = await DarajaWorld.OpenAsync();
        var id = await world.AcceptedAsync(Phone);

        world.LosePatience();
        (world.Emulator.Options.PushFault, world.Emulator.Options.QueryFault) = (fault, fault);

        Assert.IsType<PromptResult.OutcomeUnknown>(await world.PushAsync("254712345679"));
        Assert.IsType<StkQueryResult.NoAnswer>(await world.QueryAsync(id));
        Assert.Equal(2, world.Emulator.PushesReceived);
    }

    [Theory]
    [InlineData(DarajaFault.HtmlPage)]
    [InlineData(DarajaFault.ConnectionReset)]
    [InlineData(DarajaFault.Hang)]
    public async Task Without_a_token_nothing_was_submitted_and_the_next_try_works(DarajaFault fault)
    {
        await using var world = await DarajaWorld.OpenAsync();

        world.Emulator.Options.TokenFault = fault;
        if (fault == DarajaFault.Hang)
            world.LosePatience();
        Assert.Equal(ProviderRefusal.Unavailable, Assert.IsType<PromptResult.Refused>(await world.PushAsync(Phone)).Kind);
        world.Emulator.Options.TokenFault = DarajaFault.None;

        await world.AcceptedAsync(Phone);
    }

    [Fact]
    public async Task A_server_that_is_not_there_was_surely_not_asked()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var nowhere = world.Credentials with { BaseUrl = new Uri("http://127.0.0.1:1") };

        Assert.Equal(ProviderRefusal.Unavailable, Assert.IsType<PromptResult.Refused>(await world.PushAsync(Phone, credentials: nowhere)).Kind);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task A_wrong_consumer_secret_is_told_apart_from_trouble(int status)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { WrongPairStatus = status });

        var wrong = world.Credentials with { ConsumerSecret = "not-it" };

        Assert.Equal(ProviderRefusal.Credentials, Assert.IsType<PromptResult.Refused>(await world.PushAsync(Phone, credentials: wrong)).Kind);
        Assert.IsType<StkQueryResult.NoAnswer>(
            await world.Client.QueryAsync(wrong, "ws_CO_1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrong_passkey_and_a_wrong_short_code_are_told_apart()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var passkey = await world.PushAsync(Phone, credentials: world.Credentials with { Passkey = "not-it" });
        var shortCode = await world.PushAsync(Phone, credentials: world.Credentials with { ShortCode = "600999" });

        Assert.Equal(ProviderRefusal.Credentials, Assert.IsType<PromptResult.Refused>(passkey).Kind);
        Assert.Equal(ProviderRefusal.Configuration, Assert.IsType<PromptResult.Refused>(shortCode).Kind);
    }

    [Theory]
    [InlineData(StkTransactionType.CustomerBuyGoodsOnline, "555666", "0")]
    [InlineData(StkTransactionType.CustomerBuyGoodsOnline, null, "2028")]
    [InlineData(StkTransactionType.CustomerPayBillOnline, "555666", "2028")]
    public async Task A_till_is_paid_by_its_till_number_behind_its_store_number(StkTransactionType type, string? receiver, string code)
    {
        await using var world = await DarajaWorld.OpenAsync();
        var till = world.Credentials with
        {
            ConsumerKey = "key-of-till", ConsumerSecret = "secret-of-till", ShortCode = "600222", Passkey = "till-passkey",
            TransactionType = type, Receiver = receiver,
        };

        Assert.IsType<PromptResult.Accepted>(await world.PushAsync(Phone, credentials: till));
        world.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(code, (await world.CallbackAsync()).Parsed.ResultCode);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Codes_are_read_as_numbers_and_as_strings(bool callbackAsString, bool queryAsNumber)
    {
        await using var world = await DarajaWorld.OpenAsync(new()
        {
            CallbackCodeAsString = callbackAsString, QueryCodeAsNumber = queryAsNumber, ExpiresInAsNumber = queryAsNumber,
        });

        var id = await world.AcceptedAsync("254712345032");
        Assert.IsType<StkQueryResult.StillPending>(await world.QueryAsync(id));
        world.Clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal("1032", (await world.CallbackAsync()).Parsed.ResultCode);
        Assert.Equal("1032", Assert.IsType<StkQueryResult.Failed>(await world.QueryAsync(id)).Code);
    }

    [Fact]
    public async Task Neither_secret_nor_token_nor_phone_nor_callback_address_reaches_the_log()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { DeadTokenError = "401.002.01" });

        var id = await world.AcceptedAsync(Phone);
        await world.QueryAsync(id);
        world.Emulator.Tokens.KillAll();
        await world.PushAsync("254712345101");
        world.Emulator.Options.PushFault = DarajaFault.HtmlForbidden;
        await world.PushAsync("254712345679");
        await world.PushAsync("254712345679", credentials: world.Credentials with { ConsumerSecret = "other", ConsumerKey = "nobody" });

        var log = world.Log.From(LogLevel.Information);
        Assert.Contains("accepted", log, StringComparison.Ordinal);
        Assert.All(
            [world.Credentials.ConsumerKey, world.Credentials.ConsumerSecret, world.Credentials.Passkey, "5d1c", Phone[^9..], "712345101", "Bearer"],
            secret => Assert.DoesNotContain(secret, log + world.Credentials, StringComparison.Ordinal));
    }
}
