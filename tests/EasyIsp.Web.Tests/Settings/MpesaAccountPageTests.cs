using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AngleSharp.Dom;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Claims;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Testing;
using EasyIsp.Web.Payments;
using EasyIsp.Web.Settings.Mpesa;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class MpesaAccountPageTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _account;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _account = ((OpenAccountOutcome.Opened)await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None))).AccountId;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_initiator_is_set_with_safaricoms_certificate_and_tested_by_the_balance()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);
        var page = Open(ui);
        var certificate = Certificate();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("no certificate", "x.cer"));
        page.WaitForAssertion(() => Assert.Contains("This is no certificate", page.Markup, StringComparison.Ordinal));
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(certificate, "sandbox.cer"));
        page.WaitForAssertion(() => Assert.Contains("Chosen: apicrypt.example", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => InputOf(page, "Operator's name").InputAsync("testapi"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        page.WaitForAssertion(() => Assert.Contains("password is needed", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => InputOf(page, "Password").InputAsync("Secret#1"));
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.Contains("M-Pesa is asked", page.Markup, StringComparison.Ordinal));
        var order = await _world.ReadAsync(db => db.ProviderOrders.SingleAsync());
        Assert.Equal((ProviderOrderKind.Balance, ProviderOrderState.Created, "Wanjiku (support)"), (order.Kind, order.State, order.By));
        Assert.DoesNotContain("Secret#1", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Funds_and_what_is_wrong_with_the_initiator_are_shown()
    {
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into provider_orders (tenant_id, id, payment_account_id, kind, remarks, by, state, answer, created_at, settled_at, looks)
            values ({_world.TenantId}, gen_random_uuid(), {_account}, 'Balance', 'Balance', 'x', 'Done',
                'Utility Account|KES|2280.00|2280.00|0.00|0.00&Charges Paid Account|KES|-15.40|-15.40|0.00|0.00', now() - interval '1 day', now() - interval '1 day', 0)
            """));
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into provider_orders (tenant_id, id, payment_account_id, kind, remarks, by, state, result_code, created_at, settled_at, looks)
            values ({_world.TenantId}, gen_random_uuid(), {_account}, 'Balance', 'Balance', 'x', 'Failed', '2001', now(), now(), 0)
            """));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentAccountsChange);

        var page = Open(ui);

        Assert.Contains("KES\u00a02,280", page.Markup, StringComparison.Ordinal);
        Assert.Contains("−KES\u00a015.40", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Name, password or certificate are wrong", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_cannot_be_asked_after_without_an_initiator_and_says_where_to_set_one_up()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsPlace);
        var dialog = await OpenDialogAsync(ui);

        await dialog.InvokeAsync(() => InputOf(dialog, "M-Pesa receipt").InputAsync("ua17k4m2qx"));
        await dialog.InvokeAsync(() => dialog.Find("#asking").Submit());

        dialog.WaitForAssertion(() => Assert.Contains("set an initiator up", dialog.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receipt_is_asked_after_and_what_is_said_of_it_appears()
    {
        var certificate = Certificate();
        await _world.AsTenantAsync<InitiatorDesk, SetInitiatorOutcome>(desk => desk.SetAsync(_account, "testapi", "Secret#1", certificate, CancellationToken.None));
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.PaymentsPlace);
        var dialog = await OpenDialogAsync(ui);

        await dialog.InvokeAsync(() => InputOf(dialog, "M-Pesa receipt").InputAsync("ua17k4m2qx"));
        await dialog.InvokeAsync(() => dialog.Find("#asking").Submit());

        dialog.WaitForAssertion(() => Assert.Contains("M-Pesa is asked", dialog.Markup, StringComparison.Ordinal));
        var claim = await _world.ReadAsync(db => db.ReceiptClaims.AsNoTracking().SingleAsync());
        Assert.Equal(("UA17K4M2QX", ReceiptClaimState.Asked), (claim.Receipt, claim.State));
    }

    /// <summary>As the Daraja portal offers one.</summary>
    private byte[] Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=apicrypt.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(_world.Clock.GetUtcNow(), _world.Clock.GetUtcNow().AddYears(1));
        return certificate.Export(X509ContentType.Cert);
    }

    private IRenderedComponent<MpesaAccountPage> Open(BunitContext ui)
    {
        var page = ui.Render<MpesaAccountPage>(parameters => parameters.Add(p => p.Id, _account));
        page.WaitForElement("form");
        return page;
    }

    private static async Task<IRenderedComponent<MudDialogProvider>> OpenDialogAsync(BunitContext ui)
    {
        var provider = ui.Render<MudDialogProvider>();
        await provider.InvokeAsync(() => ui.Services.GetRequiredService<IDialogService>().ShowAsync<AskReceiptDialog>("Look a receipt up"));
        provider.WaitForElement("#asking");
        return provider;
    }

    private static IElement InputOf<T>(IRenderedComponent<T> component, string label) where T : Microsoft.AspNetCore.Components.IComponent
        => component.FindAll("label.field").First(field => field.QuerySelector(".field-label")!.TextContent.Trim() == label).QuerySelector("input")!;
}
