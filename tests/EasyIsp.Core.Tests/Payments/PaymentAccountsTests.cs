using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class PaymentAccountsTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly NewPaymentAccount Till =
        new("Shop", "https://daraja.example", "600222", "555666", "key", "secret", "passkey");

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_newest_account_comes_first_and_shows_no_secret()
    {
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await OpenAsync(Till);

        var accounts = await ListAsync();

        Assert.Equal(["600222", "600111"], accounts.Select(account => account.ShortCode));
        Assert.Equal((ShortCodeKind.Till, "555666", (DateTimeOffset?)null), (accounts[0].Kind, accounts[0].TillNumber, accounts[0].DisabledAt));
        Assert.DoesNotContain("passkey", accounts[0].ToString());
    }

    [Fact]
    public async Task What_is_malformed_is_named_and_nothing_is_opened()
    {
        var outcome = await OpenAsync(new NewPaymentAccount(" ", "ftp://daraja.example", "12", "", "", " ", new string('x', 300)));

        var refused = Assert.IsType<OpenAccountOutcome.Refused>(outcome);
        PaymentAccountFault[] ofBanks = [PaymentAccountFault.BankPaybill, PaymentAccountFault.BankAccount];
        Assert.Equal(Enum.GetValues<PaymentAccountFault>().Except(ofBanks), refused.Faults);
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task Another_tenants_short_code_is_taken_and_ones_own_may_come_back_with_other_keys()
    {
        var other = await _world.World.FoundTenantAsync("coast", "Coast Net");
        var again = Till with { ShortCode = "600111", TillNumber = null, Passkey = "another" };

        Assert.IsType<OpenAccountOutcome.ShortCodeTaken>(await _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(
            other, accounts => accounts.OpenAsync(again, CancellationToken.None)));
        Assert.IsType<OpenAccountOutcome.Opened>(await OpenAsync(again));
    }

    [Fact]
    public async Task A_disabled_account_asks_nobody_and_what_runs_still_settles()
    {
        var running = await _world.PromptedAsync();

        Assert.True(await DisableAsync());
        Assert.False(await DisableAsync());

        var outcome = await _world.World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(new PromptOrder(_world.HourId, "+254722000111", null), CancellationToken.None));
        Assert.IsType<PromptOutcome.NoPaymentAccount>(outcome);
        await _world.CallBackAsync(running, PaymentWorld.Paid(running));
        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(running.Id)).State);
        Assert.Equal(1, await DeedsAsync("payment-account.disable"));
    }

    [Fact]
    public async Task A_test_says_what_the_provider_says_and_is_written_down()
    {
        _world.Daraja.Check = new CredentialsCheck.Refused("HTTP 400");
        var id = (await ListAsync())[0].Id;

        var check = await _world.World.AsTenantAsync<PaymentAccounts, CredentialsCheck?>(accounts => accounts.TestAsync(id, CancellationToken.None));

        Assert.Equal(new CredentialsCheck.Refused("HTTP 400"), check);
        Assert.Equal(1, await DeedsAsync("payment-account.test"));
        Assert.Null(await _world.World.AsTenantAsync<PaymentAccounts, CredentialsCheck?>(accounts => accounts.TestAsync(Guid.Empty, CancellationToken.None)));
    }

    private Task<OpenAccountOutcome> OpenAsync(NewPaymentAccount account)
        => _world.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(account, CancellationToken.None));

    private Task<IReadOnlyList<PaymentAccountRow>> ListAsync()
        => _world.World.AsTenantAsync<PaymentAccounts, IReadOnlyList<PaymentAccountRow>>(accounts => accounts.ListAsync(CancellationToken.None));

    private async Task<bool> DisableAsync()
    {
        var id = (await ListAsync())[0].Id;
        return await _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(id, CancellationToken.None));
    }

    private Task<int> DeedsAsync(string action) => _world.World.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == action));
}
