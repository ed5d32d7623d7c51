using System.Net;
using System.Text;
using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

/// <summary>The search field leads from one payment to another while the page stands: it shows, and acts on, that of its address.</summary>
public sealed class PaymentAddressTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_deposits_page()
    {
        await RegisterAsync(1042);
        var (first, second) = (await ConfirmAsync("UA17K4M2QX", 500), await ConfirmAsync("UA29B7Q0LD", 700));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView, Permission.PaymentsPlace);
        var dialogs = ui.Render<MudDialogProvider>();
        var page = ui.Render<DepositPage>(parameters => parameters.Add(p => p.Id, first));
        page.WaitForAssertion(() => Assert.Contains("UA17K4M2QX", page.Markup, StringComparison.Ordinal));

        await GoAsync(page, nameof(DepositPage.Id), second);
        page.WaitForAssertion(() => Assert.Contains("UA29B7Q0LD", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain("UA17K4M2QX", page.Markup, StringComparison.Ordinal);

        await page.ClickAsync("button", "Place here");
        dialogs.WaitForElement("#placing input");
        await dialogs.InvokeAsync(() => dialogs.Find("#placing input").Input("She called"));
        await dialogs.InvokeAsync(() => dialogs.Find("#placing").Submit());

        page.WaitForAssertion(() => Assert.Contains("Placed with Customer 1042", page.Markup, StringComparison.Ordinal));
        Assert.Equal(second, await _world.ReadAsync(db => db.Allocations.Select(a => a.PaymentId).SingleAsync()));
    }

    [Fact]
    public async Task A_prompts_page()
    {
        var hour = await _world.WriteAsync(db =>
        {
            var package = Package.Create(
                _world.TenantId, AccessType.Hotspot, new PackageTerms("One hour", 20, TimeSpan.FromHours(1), 5000, 2000), _world.Clock.GetUtcNow());
            db.Packages.Add(package);
            return Task.FromResult(package.Id);
        });
        var (first, second) = (await AskAsync(hour, "+254712345678"), await AskAsync(hour, "+254722000111"));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsView);
        var page = ui.Render<PaymentPage>(parameters => parameters.Add(p => p.Id, first.RequestId));
        page.WaitForAssertion(() => Assert.Contains($"/customers/{first.CustomerId}", page.Markup, StringComparison.Ordinal));

        await GoAsync(page, nameof(PaymentPage.Id), second.RequestId);

        page.WaitForAssertion(() => Assert.Contains("0722 000111", page.Markup, StringComparison.Ordinal));
        Assert.Contains($"/customers/{second.CustomerId}", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain($"/customers/{first.CustomerId}", page.Markup, StringComparison.Ordinal);
    }

    private static Task GoAsync<TPage>(IRenderedComponent<TPage> page, string name, Guid id) where TPage : IComponent
        => page.InvokeAsync(() => page.Instance.SetParametersAsync(ParameterView.FromDictionary(new Dictionary<string, object?> { [name] = id })));

    private async Task<PromptOutcome.Asked> AskAsync(Guid package, string phone) => Assert.IsType<PromptOutcome.Asked>(
        await _world.AsTenantAsync<Prompts, PromptOutcome>(prompts => prompts.AskWalkInAsync(new PromptOrder(package, phone), CancellationToken.None)));

    private async Task<Guid> ConfirmAsync(string receipt, int amount)
    {
        var owner = await _world.ReadAsync(db => db.PaymentAccounts.Select(a => new CallbackOwner(a.TenantId, a.Id)).SingleAsync());
        var body = $$"""{"TransID":"{{receipt}}","TransAmount":"{{amount}}.00","BusinessShortCode":"600111","BillRefNumber":"1024","FirstName":"JANE"}""";
        await _world.AsTenantAsync<CallbackInbox, bool>(async inbox =>
        {
            await inbox.StoreConfirmationAsync(owner, IPAddress.Loopback, Encoding.UTF8.GetBytes(body), CancellationToken.None);
            return true;
        });
        var message = await _world.ReadAsync(db => db.ProviderMessages.Where(m => m.ProcessedAt == null).Select(m => m.Id).SingleAsync());
        await _world.AsTenantAsync<CallbackReading, ProviderMessageOutcome?>(reading => reading.ReadAsync(message, CancellationToken.None));
        return await _world.ReadAsync(db => db.Payments.Where(p => p.Receipt == receipt).Select(p => p.Id).SingleAsync());
    }

    private Task<int> RegisterAsync(long number) => _world.WriteAsync(db =>
    {
        db.Customers.Add(Customer.Register(
            _world.TenantId, number, AccessType.Hotspot, new CustomerProfile($"Customer {number}"), $"c{number}", null, _world.Clock.GetUtcNow()));
        return Task.FromResult(0);
    });
}
