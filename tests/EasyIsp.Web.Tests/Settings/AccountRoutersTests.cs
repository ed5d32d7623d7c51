using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Routers;
using EasyIsp.Testing;
using EasyIsp.Web.Settings;
using EasyIsp.Web.Settings.Mpesa;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class AccountRoutersTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _till;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        await OpenAsync("Paybill", "600111", till: null);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        _till = await OpenAsync("Partner's till", "600222", "555666");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_router_is_chosen_and_the_list_says_where_each_account_is_used()
    {
        await AddRouterAsync("Mall");
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var page = ui.Render<MpesaAccountPage>(parameters => parameters.Add(p => p.Id, _till));
        page.WaitForElement("button.chip");
        Assert.Contains("Every router that has no account of its own.", page.Markup, StringComparison.Ordinal);

        await page.ClickAsync("button.chip", "Mall");
        page.WaitForAssertion(() => Assert.Contains("Only these, and nowhere else.", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindComponent<AccountRoutersCard>().Find("button.mud-button-filled").Click());

        await Eventually.TrueAsync(async () => await _world.ReadAsync(db => db.PaymentAccountRouters.CountAsync(b => b.PaymentAccountId == _till)) == 1);
        var tab = ui.Render<MpesaTab>();
        tab.WaitForAssertion(() => Assert.Equal(
            ["Mall", "Everywhere else"], tab.FindAll("td[data-label='Used at']").Select(cell => cell.TextContent)));
        Assert.Contains("elsewhere by Paybill", tab.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_router_the_card_says_where_one_is_added()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);

        var page = ui.Render<MpesaAccountPage>(parameters => parameters.Add(p => p.Id, _till));

        page.WaitForAssertion(() => Assert.Contains("There is no router yet", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_leaves_nothing_for_the_other_routers_is_warned_before_he_saves()
    {
        await AddRouterAsync("Mall");
        var paybill = await _world.ReadAsync(db => db.PaymentAccounts.Where(a => a.Id != _till).Select(a => a.Id).SingleAsync());
        await _world.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(paybill, CancellationToken.None));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var page = ui.Render<MpesaAccountPage>(parameters => parameters.Add(p => p.Id, _till));
        page.WaitForElement("button.chip");

        await page.ClickAsync("button.chip", "Mall");

        page.WaitForAssertion(() => Assert.Contains("nobody can be asked to pay", page.Markup, StringComparison.Ordinal));
    }

    private Task<RouterOutcome> AddRouterAsync(string name) => _world.AsTenantAsync<RouterDesk, RouterOutcome>(
        desk => desk.AddAsync(new RouterDraft(name, "127.0.1.1"), CancellationToken.None));

    private async Task<Guid> OpenAsync(string name, string shortCode, string? till) => ((OpenAccountOutcome.Opened)await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(
        accounts => accounts.OpenAsync(new NewPaymentAccount(name, "https://daraja.example", shortCode, till, "key", "secret", "passkey"), CancellationToken.None))).AccountId;
}
