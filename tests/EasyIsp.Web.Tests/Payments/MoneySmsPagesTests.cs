using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using EasyIsp.Web.Settings;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class MoneySmsPagesTests(PostgresServer server) : IAsyncLifetime
{
    private const string Money = "UA17K4M2QX Confirmed. on 2/3/26 at 12:00 PM Ksh1,000.00 received from JANE WANJIKU 254712345678.  Account Number 1042 New Utility balance is Ksh45,310.00";
    private const string Strange = "Dear Customer, KES 450.00 received from ANN to your account 1042, Ref FT26061ABCDE on 02-Mar-2026 at 12:00";

    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_empty_list_says_how_they_come()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.ForwardingChange);

        var page = ui.Render<MoneySmsPage>();

        page.WaitForAssertion(() => Assert.Contains("No payment SMS yet", page.Markup, StringComparison.Ordinal));
        Assert.Contains("/settings?tab=forwarding", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("/payments/sms/paste", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_pasted_is_shown_first_and_kept_when_told()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.MoneySmsPaste, Permission.MoneySmsChange);
        var page = ui.Render<PasteSmsPage>();

        await page.InvokeAsync(() => page.Find("textarea").Input($"{Money}\n\n{Strange}"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("To your Paybill", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Not recognised", page.Markup, StringComparison.Ordinal);
        Assert.Equal(0, await _world.ReadAsync(db => db.MoneySms.CountAsync()));

        await page.ClickAsync("button", "Keep 2 SMS");

        page.WaitForAssertion(() => Assert.EndsWith("/payments/sms", ui.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal(2, await _world.ReadAsync(db => db.MoneySms.CountAsync()));
    }

    [Fact]
    public async Task A_hint_is_listed_and_its_page_tells_what_it_is()
    {
        await KeepAsync(Money);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView);

        var list = ui.Render<MoneySmsPage>();
        list.WaitForAssertion(() => Assert.Contains("UA17K4M2QX", list.Find("tbody").TextContent, StringComparison.Ordinal));
        Assert.Contains("pending", list.Markup, StringComparison.Ordinal);

        var id = await _world.ReadAsync(db => db.MoneySms.Select(s => s.Id).SingleAsync());
        var page = ui.Render<MoneySmsDetailPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForAssertion(() => Assert.Contains("It has credited nobody", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Book", StringComparison.Ordinal));

        _world.Clock.Advance(TimeSpan.FromMinutes(61));
        var later = ui.Render<MoneySmsDetailPage>(parameters => parameters.Add(p => p.Id, id));
        later.WaitForAssertion(() => Assert.Contains("Not confirmed by M-Pesa", later.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_has_seen_the_receipt_on_the_statement_books_it_with_a_reason()
    {
        await KeepAsync(Money);
        var id = await _world.ReadAsync(db => db.MoneySms.Select(s => s.Id).SingleAsync());
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.MoneySmsPaste, Permission.MoneySmsChange);
        var dialogs = ui.Render<MudDialogProvider>();
        var page = ui.Render<MoneySmsDetailPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForAssertion(() => Assert.Contains("Put away", page.Markup, StringComparison.Ordinal));

        await page.ClickAsync("button", "Book");
        dialogs.WaitForElement("#booking input");
        Assert.Empty(dialogs.FindAll("#booking select"));
        await dialogs.InvokeAsync(() => dialogs.Find("#booking input").Input("Seen on the statement"));
        await dialogs.InvokeAsync(() => dialogs.Find("#booking").Submit());

        page.WaitForAssertion(() => Assert.Contains("waits in suspense", page.Markup, StringComparison.Ordinal));
        Assert.Equal(1000, await _world.ReadAsync(db => db.Payments.Select(p => p.Amount).SingleAsync()));
    }

    [Fact]
    public async Task Where_several_accounts_fit_whoever_books_says_which_it_came_to()
    {
        var first = await _world.ReadAsync(db => db.PaymentAccounts.Select(a => a.Id).SingleAsync());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Second", "https://daraja.example", "600333", null, "key", "secret", "passkey"), CancellationToken.None));
        await KeepAsync(Money);
        var id = await _world.ReadAsync(db => db.MoneySms.Select(s => s.Id).SingleAsync());
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.MoneySmsPaste, Permission.MoneySmsChange);
        var dialogs = ui.Render<MudDialogProvider>();
        var page = ui.Render<MoneySmsDetailPage>(parameters => parameters.Add(p => p.Id, id));
        page.WaitForAssertion(() => Assert.Contains("Put away", page.Markup, StringComparison.Ordinal));

        await page.ClickAsync("button", "Book");
        dialogs.WaitForElement("#booking select");
        await dialogs.InvokeAsync(() => dialogs.Find("#booking input").Input("Seen on the statement"));
        await dialogs.InvokeAsync(() => dialogs.Find("#booking").Submit());
        dialogs.WaitForAssertion(() => Assert.Contains("Several accounts fit", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.InvokeAsync(() => dialogs.Find("#booking select").Change($"{first}"));
        await dialogs.InvokeAsync(() => dialogs.Find("#booking").Submit());

        page.WaitForAssertion(() => Assert.Contains("waits in suspense", page.Markup, StringComparison.Ordinal));
        Assert.Equal(first, await _world.ReadAsync(db => db.Payments.Select(p => p.PaymentAccountId).SingleAsync()));
    }

    [Fact]
    public async Task Whoever_pastes_may_say_which_of_several_accounts_they_came_to()
    {
        var first = await _world.ReadAsync(db => db.PaymentAccounts.Select(a => a.Id).SingleAsync());
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Second", "https://daraja.example", "600333", null, "key", "secret", "passkey"), CancellationToken.None));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.MoneySmsPaste, Permission.MoneySmsChange);
        var page = ui.Render<PasteSmsPage>();
        await page.InvokeAsync(() => page.Find("textarea").Input(Money));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForElement("select");

        await page.InvokeAsync(() => page.Find("select").Change($"{first}"));
        await page.ClickAsync("button", "Keep 1 SMS");

        page.WaitForAssertion(() => Assert.EndsWith("/payments/sms", ui.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal(first, await _world.ReadAsync(db => db.MoneySms.Select(s => s.PaymentAccountId).SingleAsync()));
    }

    [Fact]
    public async Task From_quarantine_a_template_is_made_tried_and_saved()
    {
        await KeepAsync(Strange);
        var id = await _world.ReadAsync(db => db.MoneySms.Select(s => s.Id).SingleAsync());
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.MoneySmsView, Permission.MoneySmsPaste, Permission.MoneySmsChange, Permission.ForwardingChange);
        var quarantine = ui.Render<QuarantinePage>();
        quarantine.WaitForAssertion(() => Assert.Contains("No template has its words", quarantine.Markup, StringComparison.Ordinal));

        ui.Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/sms-templates/new?from={id}");
        var page = ui.Render<SmsTemplatePage>();
        page.WaitForAssertion(() => Assert.Contains("FT26061ABCDE", page.Find("dl").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll("input")[0].Input("Kenya Bank"));
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.EndsWith("/quarantine", ui.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.Equal("Kenya Bank", await _world.ReadAsync(db => db.SmsTemplates.Select(t => t.Name).SingleAsync()));
    }

    [Fact]
    public async Task A_phone_is_added_its_key_shown_once_and_it_is_revoked()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ForwardingChange);
        var dialogs = ui.Render<MudDialogProvider>();
        var tab = ui.Render<ForwardingTab>();
        tab.WaitForAssertion(() => Assert.Contains("every SMS waits for M-Pesa", tab.Markup, StringComparison.Ordinal));

        await tab.ClickAsync("button", "Add a phone");
        dialogs.WaitForElement("#forwarding-phone input");
        await dialogs.InvokeAsync(() => dialogs.Find("#forwarding-phone input").Input("Office phone"));
        await dialogs.InvokeAsync(() => dialogs.Find("#forwarding-phone").Submit());
        dialogs.WaitForAssertion(() => Assert.Equal(2, dialogs.FindAll("code.secret").Count));
        var key = dialogs.FindAll("code.secret")[1].TextContent;
        await dialogs.ClickAsync("button", "I have entered it");

        tab.WaitForAssertion(() => Assert.Contains("Office phone", tab.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(key, tab.Markup, StringComparison.Ordinal);
        await tab.ClickAsync("button", "Revoke");
        dialogs.WaitForAssertion(() => Assert.Contains("Revoke Office phone?", dialogs.Markup, StringComparison.Ordinal));
        await dialogs.ClickAsync("button", "Revoke phone");
        tab.WaitForAssertion(() => Assert.Contains("revoked", tab.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_SMS_may_book_is_said_account_by_account()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ForwardingChange);
        var dialogs = ui.Render<MudDialogProvider>();
        var tab = ui.Render<ForwardingTab>();
        tab.WaitForAssertion(() => Assert.Contains("every SMS waits for M-Pesa", tab.Markup, StringComparison.Ordinal));

        await tab.ClickAsync("button", "Change");
        dialogs.WaitForElement("#sms-policy input[type=checkbox]");
        await dialogs.InvokeAsync(() => dialogs.Find("#sms-policy input[type=checkbox]").Change(true));
        await dialogs.InvokeAsync(() => dialogs.Find("#sms-policy").Submit());

        tab.WaitForAssertion(() => Assert.Contains("By itself: Paybill and till messages", tab.Markup, StringComparison.Ordinal));
        Assert.Equal([MoneySmsFamily.Merchant], await _world.ReadAsync(db => db.MoneySmsPolicies.Select(p => p.Books).SingleAsync()));
    }

    private async Task KeepAsync(string text)
    {
        await _world.AsTenantAsync<SmsPasting, int>(pasting => pasting.StoreAsync(text, accountId: null, CancellationToken.None));
        await _world.Services.GetRequiredService<MoneySmsQueue>().ReadWaitingAsync(CancellationToken.None);
    }
}
