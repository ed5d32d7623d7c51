using AngleSharp.Dom;
using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using EasyIsp.Web.Customers;
using EasyIsp.Web.Settings.Mpesa;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class AskPaymentTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _jane;
    private Guid _account;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _jane = await _world.WriteAsync(db =>
        {
            var customer = Customer.Register(
                _world.TenantId, 1042, AccessType.Hotspot, new CustomerProfile("Jane Wanjiku", "+254712345678"), "c1042", null, _world.Clock.GetUtcNow());
            db.Customers.Add(customer);
            return Task.FromResult(customer.Id);
        });
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
        _account = await _world.ReadAsync(db => db.PaymentAccounts.Select(a => a.Id).SingleAsync());
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Asked_for_the_wallet_the_page_of_the_prompt_opens()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.CustomersView, Permission.PaymentsView, Permission.PaymentsAsk);
        var dialog = await OpenDialogAsync(ui);

        await dialog.InvokeAsync(() => dialog.Find("#asking").Submit());
        Assert.Contains("Whole shillings, from 1 to 250,000.", dialog.Markup, StringComparison.Ordinal);
        await dialog.InvokeAsync(() => InputOf(dialog, "Amount").InputAsync("300"));
        await dialog.InvokeAsync(() => dialog.Find("#asking").Submit());

        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll("#asking")));
        var request = await _world.ReadAsync(db => db.PaymentRequests.SingleAsync());
        Assert.Equal((_jane, 300m, "+254712345678", null), (request.CustomerId, request.Amount, request.Phone, request.PackageId));
        Assert.EndsWith($"/payments/{request.Id}", ui.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_gets_no_prompt_is_refused_at_its_field()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.CustomersView, Permission.PaymentsView, Permission.PaymentsAsk);
        var dialog = await OpenDialogAsync(ui);
        await dialog.InvokeAsync(() => InputOf(dialog, "Amount").InputAsync("300"));
        await dialog.InvokeAsync(() => InputOf(dialog, "Phone").InputAsync("020 1234567"));

        await dialog.InvokeAsync(() => dialog.Find("#asking").Submit());

        Assert.Contains("A Kenyan mobile number", dialog.Markup, StringComparison.Ordinal);
        Assert.False(await _world.ReadAsync(db => db.PaymentRequests.AnyAsync()));
    }

    [Fact]
    public async Task Who_may_not_take_payments_is_not_offered_it()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.CustomersView, Permission.PaymentsView);

        var page = ui.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, _jane));

        page.WaitForAssertion(() => Assert.Contains("Jane Wanjiku", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Trim() == "Ask to pay");
    }

    [Fact]
    public async Task A_shilling_is_pushed_from_the_accounts_page()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange, Permission.PaymentsView);
        var card = ui.Render<TrialCard>(parameters => parameters.Add(c => c.AccountId, _account));
        await card.InvokeAsync(() => card.Find("input").InputAsync("0722 000 111"));

        await card.ClickAsync("button", "Push one shilling");

        card.WaitForAssertion(() => Assert.Contains("/payments/", ui.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal((1m, "+254722000111"), await _world.ReadAsync(db => db.PaymentRequests.Select(r => new ValueTuple<decimal, string>(r.Amount, r.Phone)).SingleAsync()));
    }

    private async Task<IRenderedComponent<MudDialogProvider>> OpenDialogAsync(BunitContext ui)
    {
        var dialogs = ui.Render<MudDialogProvider>();
        var page = ui.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, _jane));
        page.WaitForAssertion(() => Assert.Contains("Ask to pay", page.Markup, StringComparison.Ordinal));
        await page.ClickAsync("button", "Ask to pay");
        dialogs.WaitForElement("#asking");
        return dialogs;
    }

    private static IElement InputOf(IRenderedComponent<MudDialogProvider> form, string label)
        => form.FindAll(".field").Single(field => field.QuerySelector(".field-label")!.TextContent.Trim().StartsWith(label, StringComparison.Ordinal))
            .QuerySelector("input")!;
}
