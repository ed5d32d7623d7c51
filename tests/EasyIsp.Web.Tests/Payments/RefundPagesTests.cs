using AngleSharp.Dom;
using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class RefundPagesTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _payment;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        var jane = await _world.WriteAsync(db =>
        {
            var customer = Customer.Register(
                _world.TenantId, 1042, AccessType.Hotspot, new CustomerProfile("Jane Wanjiku"), "c1042", null, _world.Clock.GetUtcNow());
            db.Customers.Add(customer);
            return Task.FromResult(customer.Id);
        });
        var drawer = await _world.AsTenantAsync<CounterAccounts, Guid?>(
            accounts => accounts.OpenAsync(new NewCounterAccount("Front desk", Rail.Cash), CancellationToken.None));
        _payment = Guid.CreateVersion7(_world.Clock.GetUtcNow());
        var today = new TenantCalendar("Africa/Nairobi").DayOf(_world.Clock.GetUtcNow());
        Assert.IsType<TakeOutcome.Taken>(await _world.AsTenantAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(
            new CounterPayment(_payment, jane, drawer!.Value, 500, today), CancellationToken.None)));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Cash_is_given_back_by_the_form_and_stands_on_the_card_and_in_the_list()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.RefundsMake);
        var dialog = await OpenFormAsync(ui);
        await dialog.InvokeAsync(() => InputOf(dialog, "Amount").InputAsync("200"));
        await dialog.InvokeAsync(() => dialog.Find("#refunding").Submit());
        Assert.Contains("Write why", dialog.Markup, StringComparison.Ordinal);

        await dialog.InvokeAsync(() => InputOf(dialog, "Why").InputAsync("Paid twice"));
        await dialog.InvokeAsync(() => dialog.Find("#refunding").Submit());

        dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll("#refunding")));
        var refund = await _world.ReadAsync(db => db.Refunds.SingleAsync());
        Assert.Equal((200m, RefundWay.Cash, RefundState.Done), (refund.Amount, refund.Way, refund.State));
        var list = ui.Render<RefundsPage>();
        list.WaitForAssertion(() => Assert.Contains("Paid twice", list.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_given_back_is_told_alike_in_the_list_and_on_its_page()
    {
        await _world.AsTenantAsync<RefundDesk, AskOutcome>(desk => desk.AskAsync(
            new RefundDraft(Guid.CreateVersion7(_world.Clock.GetUtcNow()), _payment, 500, RefundWay.Cash, "Paid twice"), CancellationToken.None));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView);

        var list = ui.Render<PaymentsPage>();
        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, _payment));

        page.WaitForAssertion(() => Assert.Contains("refunded", page.Find(".state").TextContent, StringComparison.Ordinal));
        list.WaitForAssertion(() => Assert.Contains("refunded", list.Find("tbody .state").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_the_limit_the_form_asks_and_whoever_may_approve_sees_the_buttons()
    {
        await _world.WriteAsync(async db =>
        {
            (await db.Tenants.SingleAsync(t => t.Id == _world.TenantId)).LimitRefunds(100);
            return 0;
        });
        await using (var asker = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.RefundsMake))
        {
            var dialog = await OpenFormAsync(asker);
            Assert.Contains("a second person must approve it", dialog.Markup, StringComparison.Ordinal);
            await dialog.InvokeAsync(() => InputOf(dialog, "Why").InputAsync("Paid twice"));
            await dialog.InvokeAsync(() => dialog.Find("#refunding").Submit());
            dialog.WaitForAssertion(() => Assert.Empty(dialog.FindAll("#refunding")));

            var own = asker.Render<DepositPage>(parameters => parameters.Add(p => p.Id, _payment));
            own.WaitForAssertion(() => Assert.Contains("Paid twice", own.Markup, StringComparison.Ordinal));
            Assert.DoesNotContain(own.FindAll("button"), button => button.TextContent.Contains("Approve", StringComparison.Ordinal));
        }

        await _world.WriteAsync(db => db.Refunds.ExecuteUpdateAsync(set => set.SetProperty(r => r.AskedById, Guid.CreateVersion7(_world.Clock.GetUtcNow()))));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.RefundsApprove);
        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, _payment));

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("button"), button => button.TextContent.Contains("Approve", StringComparison.Ordinal)));
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("Refund", StringComparison.Ordinal));
    }

    private async Task<IRenderedComponent<MudDialogProvider>> OpenFormAsync(BunitContext ui)
    {
        var provider = ui.Render<MudDialogProvider>();
        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, _payment));
        page.WaitForAssertion(() => Assert.Contains(page.FindAll("button"), button => button.TextContent.Contains("Refund", StringComparison.Ordinal)));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Contains("Refund", StringComparison.Ordinal)).Click());
        provider.WaitForElement("#refunding");
        return provider;
    }

    private static IElement InputOf(IRenderedComponent<MudDialogProvider> dialog, string label)
        => dialog.FindAll(".field").Single(field => field.QuerySelector(".field-label")!.TextContent.Trim().StartsWith(label, StringComparison.Ordinal))
            .QuerySelector("input")!;
}
