using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class PayCodeTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _jane;

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
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_code_appears_with_whom_it_pays_and_what_is_to_be_done_first()
    {
        await using var ui = await OpenAsync(new QrResult.Made([1, 2, 3]));
        var dialog = await OpenDialogAsync(ui);

        await dialog.InvokeAsync(() => dialog.Find("#coding").Submit());
        dialog.WaitForAssertion(() => Assert.Contains("Whole shillings, from 1 to 250,000.", dialog.Markup, StringComparison.Ordinal));
        await dialog.InvokeAsync(() => dialog.Find("#coding input").InputAsync("1500"));
        await dialog.InvokeAsync(() => dialog.Find("#coding").Submit());

        dialog.WaitForAssertion(() => Assert.Equal("Paybill 600111, account 1042", dialog.Find(".pay-code img").GetAttribute("alt")));
        Assert.Equal("data:image/png;base64,AQID", dialog.Find(".pay-code img").GetAttribute("src"));
        Assert.Contains("register it", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains($"/customers/{_jane}/pay-code?amount=1500", dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_m_pesa_refuses_is_said_in_the_dialog_and_on_the_sheet()
    {
        await using var ui = await OpenAsync(new QrResult.NotMade("HTTP 503"));
        var dialog = await OpenDialogAsync(ui);

        await dialog.InvokeAsync(() => dialog.Find("#coding input").InputAsync("1500"));
        await dialog.InvokeAsync(() => dialog.Find("#coding").Submit());

        dialog.WaitForAssertion(() => Assert.Contains("M-Pesa made no code: HTTP 503", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(dialog.FindAll(".pay-code"));
        var sheet = await SheetAsync(new PayCodeOutcome.NotMade("HTTP 503"));
        Assert.Contains("HTTP 503", sheet.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sheet_tells_amount_paybill_account_and_name()
    {
        var sheet = await SheetAsync(new PayCodeOutcome.Made(new PayCode([1, 2, 3], "Jane Wanjiku", "600111", false, 1042, 1500, IsHeard: true)));

        Assert.Equal("Paybill 600111, account 1042", sheet.Find(".to").TextContent);
        Assert.Contains("1,500", sheet.Find(".amount").TextContent, StringComparison.Ordinal);
        Assert.Equal("for Jane Wanjiku", sheet.Find(".for").TextContent);
        Assert.NotNull(sheet.Find("#print"));
    }

    private Task<BunitContext> OpenAsync(QrResult answer) => ConsoleUi.OpenAsync(
        _world, services => services.AddSingleton<IDarajaOperations>(new PaperOperations(answer)), Permission.CustomersView, Permission.PaymentsAsk);

    private async Task<IRenderedComponent<MudDialogProvider>> OpenDialogAsync(BunitContext ui)
    {
        var facts = await _world.AsTenantAsync<Core.Reports.CustomerOverview, Core.Reports.CustomerFacts?>(overview => overview.FindAsync(_jane, CancellationToken.None));
        var provider = ui.Render<MudDialogProvider>();
        await provider.InvokeAsync(() => ui.Services.GetRequiredService<IDialogService>().ShowAsync<PayCodeDialog>(
            "QR code", new DialogParameters<PayCodeDialog> { { dialog => dialog.Facts, facts! } }));
        provider.WaitForElement("#coding");
        return provider;
    }

    private async Task<IRenderedComponent<PayCodeSheet>> SheetAsync(PayCodeOutcome outcome)
    {
        var tenant = await _world.ReadAsync(db => db.Tenants.SingleAsync());
        return new BunitContext().Render<PayCodeSheet>(parameters => parameters.Add(s => s.Tenant, tenant).Add(s => s.Outcome, outcome));
    }

    /// <summary>M-Pesa draws what the test lays down, and does nothing else.</summary>
    private sealed class PaperOperations(QrResult answer) : IDarajaOperations
    {
        public Task<QrResult> QrAsync(DarajaCredentials credentials, QrOrder order, CancellationToken cancellationToken) => Task.FromResult(answer);

        public Task<OperationAck> SubmitAsync(DarajaCredentials credentials, OperationOrder order, CancellationToken cancellationToken)
            => throw new InvalidOperationException("Nothing is ordered.");

        public Task<PullRegistration> RegisterPullAsync(
            DarajaCredentials credentials, string nominatedNumber, Uri callback, CancellationToken cancellationToken)
            => throw new InvalidOperationException("Nothing is registered.");

        public Task<PullResult> PullAsync(DarajaCredentials credentials, PullQuestion question, CancellationToken cancellationToken)
            => throw new InvalidOperationException("Nothing is pulled.");
    }
}
