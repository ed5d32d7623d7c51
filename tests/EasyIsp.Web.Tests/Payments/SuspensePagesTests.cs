using System.Net;
using System.Text;
using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class SuspensePagesTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _payment;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _payment = await ConfirmAsync("1024");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_waits_is_listed_with_what_the_payer_typed()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView);

        var page = ui.Render<SuspensePage>();

        page.WaitForAssertion(() => Assert.Contains("1024", page.Find("tbody").TextContent, StringComparison.Ordinal));
        Assert.Contains("unmatched", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stands_among_all_payments_too_and_leads_to_its_own_page()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView);

        var page = ui.Render<PaymentsPage>();

        page.WaitForAssertion(() => Assert.Contains("UA17K4M2QX", page.Find("tbody").TextContent, StringComparison.Ordinal));
        Assert.Contains("JANE", page.Find("tbody").TextContent, StringComparison.Ordinal);
        Assert.Contains($"/payments/deposits/{_payment}", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_near_miss_is_offered_and_placed_with_a_reason()
    {
        await RegisterAsync(1042);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.PaymentsPlace);
        var dialogs = ui.Render<MudDialogProvider>();
        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, _payment));
        page.WaitForAssertion(() => Assert.Contains("Customer 1042", page.Markup, StringComparison.Ordinal));

        await page.ClickAsync("button", "Place here");
        dialogs.WaitForElement("#placing input");
        await dialogs.InvokeAsync(() => dialogs.Find("#placing input").Input("She called"));
        await dialogs.InvokeAsync(() => dialogs.Find("#placing").Submit());

        page.WaitForAssertion(() => Assert.Contains("Placed with Customer 1042", page.Markup, StringComparison.Ordinal));
        Assert.Equal("She called", await _world.ReadAsync(db => db.Allocations.Select(a => a.Reason).SingleAsync()));
    }

    [Fact]
    public async Task Who_may_only_look_gets_no_button()
    {
        await RegisterAsync(1042);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView);

        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, _payment));

        page.WaitForAssertion(() => Assert.Contains("Customer 1042", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Place", StringComparison.Ordinal));
    }

    private async Task<Guid> ConfirmAsync(string account)
    {
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
        var owner = await _world.ReadAsync(db => db.PaymentAccounts.Select(a => new CallbackOwner(a.TenantId, a.Id)).SingleAsync());
        var body = $$"""{"TransID":"UA17K4M2QX","TransAmount":"500.00","BusinessShortCode":"600111","BillRefNumber":"{{account}}","FirstName":"JANE"}""";
        await _world.AsTenantAsync<CallbackInbox, bool>(async inbox =>
        {
            await inbox.StoreConfirmationAsync(owner, IPAddress.Loopback, Encoding.UTF8.GetBytes(body), CancellationToken.None);
            return true;
        });
        var message = await _world.ReadAsync(db => db.ProviderMessages.Select(m => m.Id).SingleAsync());
        await _world.AsTenantAsync<CallbackReading, ProviderMessageOutcome?>(reading => reading.ReadAsync(message, CancellationToken.None));
        return await _world.ReadAsync(db => db.Payments.Select(p => p.Id).SingleAsync());
    }

    private Task<int> RegisterAsync(long number) => _world.WriteAsync(db =>
    {
        db.Customers.Add(Customer.Register(
            _world.TenantId, number, AccessType.Hotspot, new CustomerProfile($"Customer {number}"), $"c{number}", null, _world.Clock.GetUtcNow()));
        return Task.FromResult(0);
    });
}
