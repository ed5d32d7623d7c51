using System.Net;
using System.Text;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Testing;
using EasyIsp.Web.Settings.Paystack;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class PaystackPagesTests(PostgresServer server) : IAsyncLifetime
{
    private const string GoodKey = "sk_test_good";
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server, Paper);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_key_is_tested_before_the_account_is_opened_and_is_never_shown_again()
    {
        await using var ui = await UiAsync();
        var tab = ui.Render<PaystackTab>();
        tab.WaitForElement("form");

        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());
        Assert.Equal(2, tab.FindAll(".field-fault").Count);
        await TypeAsync(tab, "Secret key", "sk_live_bad");
        await TypeAsync(tab, "Receipts go to", "billing@savanna.example");
        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());
        tab.WaitForAssertion(() => Assert.Contains("Paystack refuses the key", tab.Markup, StringComparison.Ordinal));
        await TypeAsync(tab, "Secret key", GoodKey);
        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());
        tab.WaitForAssertion(() => Assert.Contains("takes this test key", tab.Markup, StringComparison.Ordinal));
        Assert.Equal(0, await _world.ReadAsync(db => db.PaymentAccounts.CountAsync()));
        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());

        var navigation = ui.Services.GetRequiredService<NavigationManager>();
        tab.WaitForAssertion(() => Assert.Contains("/settings/paystack/", navigation.Uri, StringComparison.Ordinal));
        var account = await _world.ReadAsync(db => db.PaymentAccounts.AsNoTracking().SingleAsync());
        Assert.Equal((Rail.Paystack, true, "billing@savanna.example"), (account.Rail, account.IsTest, account.ReceiptsTo));
        Assert.DoesNotContain(GoodKey, tab.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_own_address_is_asked_for_where_it_was_chosen()
    {
        await using var ui = await UiAsync();
        var tab = ui.Render<PaystackTab>();
        tab.WaitForElement("select");

        await tab.InvokeAsync(() => tab.Find("select").ChangeAsync("OwnAddress"));

        Assert.Contains(tab.FindAll(".field-label"), label => label.TextContent == "Address");
        Assert.Equal("OwnAddress", tab.Find("select").GetAttribute("value"));
    }

    [Fact]
    public async Task The_account_shows_its_webhook_and_tests_its_key()
    {
        var account = ((OpenPaystackOutcome.Opened)await _world.AsTenantAsync<PaystackAccounts, OpenPaystackOutcome>(accounts => accounts.OpenAsync(
            new NewPaystackAccount("Paystack", PaystackHosts.Production.AbsoluteUri, GoodKey, "billing@savanna.example"), CancellationToken.None))).AccountId;
        await using var ui = await UiAsync();

        var page = ui.Render<PaystackAccountPage>(parameters => parameters.Add(p => p.Id, account));
        page.WaitForElement("#webhook");
        Assert.StartsWith("https://portal.example/pay/hook/", page.Find("#webhook").TextContent, StringComparison.Ordinal);
        Assert.Contains("nobody pays real money", page.Markup, StringComparison.Ordinal);
        Assert.Contains("reported nothing yet", page.Markup, StringComparison.Ordinal);
        await page.ClickAsync("button", "Test the key");

        page.WaitForAssertion(() => Assert.Contains("Paystack takes the key", page.Markup, StringComparison.Ordinal));
        Assert.DoesNotContain(GoodKey, page.Markup, StringComparison.Ordinal);
    }

    private static void Paper(IServiceCollection services)
        => services.AddHttpClient(PaystackTransport.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new PaystackOfPaper());

    private Task<BunitContext> UiAsync() => ConsoleUi.OpenAsync(
        _world,
        services =>
        {
            Paper(services);
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddConfiguration(_world.Configuration)
                .AddInMemoryCollection([new("Portal:PublicUrl", "https://portal.example")])
                .Build());
        },
        Permission.PaymentAccountsChange);

    private static Task TypeAsync<T>(IRenderedComponent<T> page, string label, string text) where T : IComponent
        => page.InvokeAsync(() => page.FindAll(".field")
            .First(field => field.QuerySelector(".field-label")!.TextContent.StartsWith(label, StringComparison.Ordinal))
            .QuerySelector("input")!.ChangeAsync(text));

    /// <summary>Takes one key, and tells of no transactions.</summary>
    private sealed class PaystackOfPaper : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isGood = request.Headers.Authorization?.Parameter == GoodKey;
            return Task.FromResult(new HttpResponseMessage(isGood ? HttpStatusCode.OK : HttpStatusCode.Unauthorized)
            {
                Content = new StringContent(
                    isGood ? """{"status":true,"message":"Transactions retrieved","data":[]}""" : """{"status":false,"message":"Invalid key"}""",
                    Encoding.UTF8, "application/json"),
            });
        }
    }
}
