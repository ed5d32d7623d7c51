using AngleSharp.Dom;
using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using EasyIsp.Web.Settings;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class RecordPaymentTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _jane;
    private Guid _cheques;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _jane = await _world.WriteAsync(db =>
        {
            var customer = Customer.Register(
                _world.TenantId, 1042, AccessType.Hotspot, new CustomerProfile("Jane Wanjiku"), "c1042", null, _world.Clock.GetUtcNow());
            db.Customers.Add(customer);
            return Task.FromResult(customer.Id);
        });
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Without_an_account_the_form_says_where_to_open_one()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsRecord);

        var dialog = await OpenDialogAsync(ui);

        dialog.WaitForAssertion(() => Assert.Contains("/settings?tab=cash", dialog.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cheque_without_a_number_is_refused_at_its_field_and_recorded_with_one()
    {
        await OpenChequesAsync();
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsRecord);
        var dialog = await OpenDialogAsync(ui);
        dialog.WaitForElement("#recording");
        await dialog.InvokeAsync(() => InputOf(dialog, "Amount").InputAsync("1500.50"));

        await dialog.InvokeAsync(() => dialog.Find("#recording").Submit());
        Assert.Contains("The number of the slip or cheque is needed", dialog.Markup, StringComparison.Ordinal);
        await dialog.InvokeAsync(() => InputOf(dialog, "Cheque number").InputAsync("000123"));
        await dialog.InvokeAsync(() => dialog.Find("#recording").Submit());

        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll("#recording")));
        var payment = await _world.ReadAsync(db => db.Payments.SingleAsync());
        Assert.Equal((1_500.50m, "000123", "Wanjiku (support)", _jane), (payment.Amount, payment.Reference, payment.TakenBy, payment.CustomerId!.Value));
    }

    [Fact]
    public async Task A_number_that_is_recorded_already_is_said_with_a_link_and_what_was_typed_stays()
    {
        await OpenChequesAsync();
        var known = await TakeAsync("000123");
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsRecord);
        var dialog = await OpenDialogAsync(ui);
        dialog.WaitForElement("#recording");
        await dialog.InvokeAsync(() => InputOf(dialog, "Amount").InputAsync("700"));
        await dialog.InvokeAsync(() => InputOf(dialog, "Cheque number").InputAsync("000123"));

        await dialog.InvokeAsync(() => dialog.Find("#recording").Submit());

        dialog.WaitForAssertion(() => Assert.Contains($"/payments/deposits/{known}", dialog.Markup, StringComparison.Ordinal));
        Assert.Equal("000123", InputOf(dialog, "Cheque number").GetAttribute("value"));
    }

    [Fact]
    public async Task A_bounced_cheque_is_reversed_with_a_reason()
    {
        await OpenChequesAsync();
        var cheque = await TakeAsync("000123");
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.PaymentsReverse);
        var dialogs = ui.Render<MudDialogProvider>();
        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, cheque));
        page.WaitForAssertion(() => Assert.Contains("Cheque of Jane Wanjiku", page.Markup, StringComparison.Ordinal));

        await page.ClickAsync("button", "Bounced");
        dialogs.WaitForElement("#reason input");
        await dialogs.InvokeAsync(() => dialogs.Find("#reason input").Input("No funds"));
        await dialogs.InvokeAsync(() => dialogs.Find("#reason").Submit());

        page.WaitForAssertion(() => Assert.Contains("reversed", page.Find(".state").TextContent, StringComparison.Ordinal));
        Assert.Equal("No funds", await _world.ReadAsync(db => db.Allocations.Select(a => a.Reason).SingleAsync()));
    }

    [Fact]
    public async Task Who_may_not_reverse_gets_no_button()
    {
        await OpenChequesAsync();
        var cheque = await TakeAsync("000123");
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.PaymentsPlace, Permission.PaymentsRecord);

        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, cheque));

        page.WaitForAssertion(() => Assert.Contains("Cheque of Jane Wanjiku", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() is "Bounced" or "Take back");
    }

    [Fact]
    public async Task An_account_is_opened_ruled_and_listed()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var tab = ui.Render<CounterTab>();
        tab.WaitForElement("form");

        await tab.InvokeAsync(() => tab.Find("form").Submit());
        Assert.Contains("A name of up to", tab.Markup, StringComparison.Ordinal);
        await tab.ClickAsync("button", "Bank");
        await tab.InvokeAsync(() => InputOf(tab, "Name").InputAsync("KCB current"));
        await tab.InvokeAsync(() => tab.Find("form").Submit());
        tab.WaitForAssertion(() => Assert.Contains("KCB current", tab.Find("tbody").TextContent, StringComparison.Ordinal));
        await tab.InvokeAsync(() => tab.Find("tbody select").ChangeAsync("RenewLastPackage"));

        var account = await _world.ReadAsync(db => db.PaymentAccounts.SingleAsync());
        Assert.Equal((Rail.Bank, DepositRule.RenewLastPackage), (account.Rail, account.Deposits));
    }

    private async Task<IRenderedComponent<MudDialogProvider>> OpenDialogAsync(BunitContext ui)
    {
        var dialogs = ui.Render<MudDialogProvider>();
        var button = ui.Render<RecordPaymentButton>(parameters => parameters.Add(
            p => p.Customer, new Core.Reports.Found.Customer(_jane, "Jane Wanjiku", 1042, null)));
        await button.ClickAsync("button", "Record payment");
        return dialogs;
    }

    private static IElement InputOf<TComponent>(IRenderedComponent<TComponent> form, string label)
        where TComponent : Microsoft.AspNetCore.Components.IComponent
        => form.FindAll(".field").Single(field => field.QuerySelector(".field-label")!.TextContent.Trim().StartsWith(label, StringComparison.Ordinal))
            .QuerySelector("input")!;

    private async Task OpenChequesAsync() => _cheques = (await _world.AsTenantAsync<CounterAccounts, Guid?>(
        accounts => accounts.OpenAsync(new NewCounterAccount("Cheques", Rail.Cheque), CancellationToken.None)))!.Value;

    private async Task<Guid> TakeAsync(string reference)
    {
        var now = _world.Clock.GetUtcNow();
        var entry = new CounterPayment(Guid.CreateVersion7(now), _jane, _cheques, 700, DateOnly.FromDateTime(now.UtcDateTime), reference);
        await _world.AsTenantAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(entry, CancellationToken.None));
        return entry.Id;
    }
}
