using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using EasyIsp.Web.Settings;
using EasyIsp.Web.Settings.Mpesa;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

/// <summary>What could not be done is said, with what to do, where it was asked for.</summary>
public sealed class SilentFailureTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_SMS_may_book_of_an_account_that_is_gone()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var dialogs = ui.Render<MudDialogProvider>();
        var policy = new MoneySmsPolicyRow(Guid.CreateVersion7(_world.Clock.GetUtcNow()), "Paybill", ShortCodeKind.Paybill, "600111", IsRegistered: true, []);
        await dialogs.InvokeAsync(() => ui.Services.GetRequiredService<IDialogService>().ShowAsync<SmsPolicyDialog>(
            "Policy", new DialogParameters<SmsPolicyDialog> { { d => d.Policy, policy } }));
        dialogs.WaitForElement("#sms-policy");

        await dialogs.InvokeAsync(() => dialogs.Find("#sms-policy").Submit());

        dialogs.WaitForAssertion(() => Assert.Contains("Nothing was changed", dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pulling_of_an_account_that_does_not_pull_any_more()
    {
        var opened = Assert.IsType<OpenAccountOutcome.Opened>(await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None)));
        var pull = StatementPull.Of(await _world.ReadAsync(db => db.PaymentAccounts.SingleAsync()), _world.Clock.GetUtcNow());
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var card = ui.Render<PullCard>(parameters => parameters.Add(c => c.AccountId, opened.AccountId).Add(c => c.Pull, pull));

        await card.ClickAsync("button", "Pull now");

        card.WaitForAssertion(() => Assert.Contains("does not pull any more", card.Find("[role=status]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_rule_of_a_drawer_that_is_gone()
    {
        await _world.AsTenantAsync<CounterAccounts, Guid?>(accounts => accounts.OpenAsync(new NewCounterAccount("Drawer", Core.Payments.Rail.Cash), CancellationToken.None));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var words = ui.Render<MudSnackbarProvider>();
        var tab = ui.Render<CounterTab>();
        tab.WaitForElement("select");
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"delete from payment_accounts"));

        await tab.InvokeAsync(() => tab.Find("select").Change($"{DepositRule.RenewLastPackage}"));

        words.WaitForAssertion(() => Assert.Contains("could not be saved", words.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_somebody_else_has_put_away_of_what_was_chosen()
    {
        const string Parcel = "Your parcel is here";
        await _world.AsTenantAsync<SmsPasting, int>(pasting => pasting.StoreAsync($"{Parcel}\n\nYour taxi is here", accountId: null, CancellationToken.None));
        await _world.Services.GetRequiredService<MoneySmsQueue>().ReadWaitingAsync(CancellationToken.None);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.MoneySmsChange);
        var (dialogs, words) = (ui.Render<MudDialogProvider>(), ui.Render<MudSnackbarProvider>());
        var page = ui.Render<QuarantinePage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        foreach (var row in Enumerable.Range(0, 2))
            await page.InvokeAsync(() => page.FindAll("tbody input[type=checkbox]")[row].Change(true));
        await page.ClickAsync("button", "Put away");
        dialogs.WaitForElement("#reason input");
        var parcel = await _world.ReadAsync(db => db.MoneySms.Where(s => s.Text == Parcel).Select(s => s.Id).SingleAsync());
        await _world.AsTenantAsync<MoneySmsDesk, bool>(desk => desk.PutAwayAsync(parcel, "No money", CancellationToken.None));

        await dialogs.InvokeAsync(() => dialogs.Find("#reason input").Input("Nothing"));
        await dialogs.InvokeAsync(() => dialogs.Find("#reason").Submit());

        words.WaitForAssertion(() => Assert.Contains("1 had been put away by somebody else", words.Markup, StringComparison.Ordinal));
        Assert.Contains("1 SMS is put away", words.Markup, StringComparison.Ordinal);
        Assert.Equal("No money", await _world.ReadAsync(db => db.MoneySms.Where(s => s.Id == parcel).Select(s => s.PutAwayReason).SingleAsync()));
    }
}
