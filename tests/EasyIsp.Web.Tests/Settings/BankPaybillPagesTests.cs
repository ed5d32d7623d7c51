using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Testing;
using EasyIsp.Web.Settings;
using EasyIsp.Web.Settings.Mpesa;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class BankPaybillPagesTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_account_number_that_m_pesa_cannot_carry_is_refused_with_what_to_do_and_a_short_one_opens()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var form = ui.Render<PaymentAccountForm>(parameters => parameters.Add(f => f.Opened, EventCallback.Empty));
        await form.ClickAsync("button.chip", "Bank account");
        await TypeAsync(form, "Your short code", "600111");
        await TypeAsync(form, "The bank's Paybill", "400111");
        await TypeAsync(form, "Your account number there", "0110 0456 7890 1");
        await TypeAsync(form, "Consumer key", "key");
        await TypeAsync(form, "Consumer secret", "secret");
        await TypeAsync(form, "Passkey", "passkey");

        await form.InvokeAsync(() => form.Find("form").Submit());
        form.WaitForAssertion(() => Assert.Contains("ask the bank which shorter number it takes", form.Markup, StringComparison.Ordinal));
        await TypeAsync(form, "Your account number there", "0110-0456 789");
        await form.InvokeAsync(() => form.Find("form").Submit());

        await Eventually.TrueAsync(() => _world.ReadAsync(db => db.PaymentAccounts.AnyAsync(a => a.Kind == ShortCodeKind.BankPaybill && a.BankAccount == "01100456789")));
    }

    [Fact]
    public async Task Its_page_offers_no_statement_no_funds_and_no_registration_and_says_why()
    {
        var id = ((OpenAccountOutcome.Opened)await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Bank", "https://daraja.example", "600111", null, "key", "secret", "passkey", new BankDestination("400111", "0110045678")), CancellationToken.None))).AccountId;
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);

        var page = ui.Render<MpesaAccountPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForAssertion(() => Assert.Contains("What M-Pesa tells of it", page.Markup, StringComparison.Ordinal));

        Assert.DoesNotContain("Pulled statement", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Funds at M-Pesa", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Bank paybill 400111, account 0110045678", page.Markup, StringComparison.Ordinal);
        var dialogs = ui.Render<MudDialogProvider>();
        var row = (await _world.AsTenantAsync<PaymentAccounts, IReadOnlyList<PaymentAccountRow>>(accounts => accounts.ListAsync(CancellationToken.None)))[0];
        await dialogs.InvokeAsync(() => ui.Services.GetRequiredService<IDialogService>().ShowAsync<OwnPaymentsDialog>(
            "Own payments", new DialogParameters<OwnPaymentsDialog> { { dialog => dialog.Account, row } }));
        dialogs.WaitForAssertion(() => Assert.Contains("There is nothing to register", dialogs.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("Register with M-Pesa", dialogs.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Before the money moves", dialogs.Markup, StringComparison.Ordinal);
    }

    private static Task TypeAsync(IRenderedComponent<PaymentAccountForm> form, string label, string text) => form.InvokeAsync(() => form.FindAll("label.field")
        .First(field => field.QuerySelector(".field-label")!.TextContent.Trim() == label).QuerySelector("input")!.ChangeAsync(text));
}
