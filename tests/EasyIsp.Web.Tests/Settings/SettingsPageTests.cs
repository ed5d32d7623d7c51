using AngleSharp.Dom;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Testing;
using EasyIsp.Web.Settings;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class SettingsPageTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly NewPaymentAccount Paybill =
        new("Main", "https://sandbox.safaricom.co.ke", "600111", null, "the-key", "the-secret", "the-passkey");

    [Fact]
    public async Task The_company_is_changed_and_its_colour_previewed()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = Open<SettingsPage>(browser, "/settings", "form");

        await page.InvokeAsync(() => page.Find("input[type=color]").InputAsync("#aa3300"));
        Assert.Contains("--brand: #aa3300", page.Find(".portal-card").GetAttribute("style"));
        await page.InvokeAsync(() => InputOf(page, "Support phone").ChangeAsync("0712 345 678"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        var tenant = await browser.World.ReadAsync(db => db.Tenants.SingleAsync(t => t.Id == browser.World.TenantId));
        Assert.Equal(("#aa3300", "+254712345678"), (tenant.AccentColor, tenant.SupportPhone));
    }

    [Fact]
    public async Task A_colour_that_is_none_is_refused_at_its_field()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = Open<SettingsPage>(browser, "/settings", "form");

        await page.InvokeAsync(() => InputOf(page, "Colour").InputAsync("red"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Contains("#rrggbb", Assert.Single(page.FindAll(".field-fault")).TextContent);
        Assert.Contains("--brand: #0f766e", page.Find(".portal-card").GetAttribute("style"));
    }

    [Fact]
    public async Task A_till_is_opened_and_the_page_says_that_it_is_used()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = Open<SettingsPage>(browser, "/settings?tab=mpesa", "form");

        await page.InvokeAsync(() => page.FindAll(".chip").Single(chip => chip.TextContent.StartsWith("Till", StringComparison.Ordinal)).ClickAsync());
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(5, page.FindAll(".field-fault").Count); // store, till, and the three keys
        await page.InvokeAsync(() => InputOf(page, "Store number").ChangeAsync("600222"));
        await page.InvokeAsync(() => InputOf(page, "Till number").ChangeAsync("555666"));
        foreach (var key in new[] { "Consumer key", "Consumer secret", "Passkey" })
            await page.InvokeAsync(() => InputOf(page, key).ChangeAsync("secret-of-the-app"));
        Assert.Equal(3, page.FindAll("input[type=password]").Count);
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => Assert.Contains("Payments go by M-Pesa", page.Markup), Patience);
        Assert.Contains("600222", page.Find("table").TextContent);
        Assert.Contains("production", page.Find("table").TextContent);
        Assert.DoesNotContain("secret-of-the-app", page.Markup);
    }

    [Fact]
    public async Task A_short_code_of_another_company_is_refused_in_words()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var other = await browser.World.FoundTenantAsync("coast", "Coast Net");
        await browser.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(other, accounts => accounts.OpenAsync(Paybill, CancellationToken.None));
        var page = Open<SettingsPage>(browser, "/settings?tab=mpesa", "form");

        await page.InvokeAsync(() => SelectOf(page, "Environment").ChangeAsync("Sandbox"));
        await page.InvokeAsync(() => InputOf(page, "Paybill number").ChangeAsync("600111"));
        foreach (var key in new[] { "Consumer key", "Consumer secret", "Passkey" })
            await page.InvokeAsync(() => InputOf(page, key).ChangeAsync("k"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => Assert.Contains("Another company", page.Find("form .fault").TextContent), Patience);
        Assert.Equal(0, await browser.World.ReadAsync(db => db.PaymentAccounts.CountAsync()));
    }

    [Fact]
    public async Task Keys_that_cannot_be_tested_are_said_so()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(
            accounts => accounts.OpenAsync(Paybill with { BaseUrl = "http://127.0.0.1:1" }, CancellationToken.None));
        var page = Open<SettingsPage>(browser, "/settings?tab=mpesa", "table");

        await page.ClickAsync("button", "Test keys");

        page.WaitForAssertion(() => Assert.Contains("M-Pesa could not be asked.", page.Find("[role=status]").TextContent), Patience);
    }

    [Fact]
    public async Task An_sms_account_is_opened_and_a_test_text_waits_in_the_outbox()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = Open<SettingsPage>(browser, "/settings?tab=sms", "form");
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        Assert.Equal(3, page.FindAll(".field-fault").Count);

        await page.InvokeAsync(() => InputOf(page, "Sender id").ChangeAsync("SAVANNA"));
        await page.InvokeAsync(() => InputOf(page, "Partner id").ChangeAsync("77"));
        await page.InvokeAsync(() => InputOf(page, "API key").ChangeAsync("key-of-savanna"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Contains("TextSMS", page.Find(".card h2").TextContent), Patience);
        Assert.DoesNotContain("key-of-savanna", page.Markup);

        await page.InvokeAsync(() => InputOf(page, "Send a test text to").InputAsync("0712345678"));
        await page.InvokeAsync(() => page.Find("form.inline-form").SubmitAsync());

        page.WaitForAssertion(() => Assert.Contains("is on its way", page.Markup), Patience);
        Assert.Equal("+254712345678", await browser.World.ReadAsync(db => db.Messages.Select(m => m.Recipient).SingleAsync()));
    }

    [Fact]
    public async Task The_settings_are_for_admins_alone()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        var tenant = await host.FoundTenantAsync("savanna");
        await host.HireAsync("admin@example.com", StandardRoles.Admin, tenant);
        await host.HireAsync("manager@example.com", StandardRoles.Manager, tenant);
        using var admin = host.Browser();
        using var manager = host.Browser();
        await admin.SignInAsync("admin@example.com");
        await manager.SignInAsync("manager@example.com");

        Assert.True((await admin.OpenAsync("/settings?tab=mpesa")).IsSuccessStatusCode);
        Assert.StartsWith("/account/denied", (await manager.OpenAsync("/settings")).LocationPath());
    }

    private static IRenderedComponent<TPage> Open<TPage>(StaffBrowser browser, string address, string awaited) where TPage : IComponent
    {
        browser.GoTo(address);
        var page = browser.Context.Render<TPage>();
        page.WaitForElement(awaited, Patience);
        return page;
    }

    private static IElement InputOf(IRenderedComponent<SettingsPage> page, string label) => FieldOf(page, label).QuerySelector("input")!;

    private static IElement SelectOf(IRenderedComponent<SettingsPage> page, string label) => FieldOf(page, label).QuerySelector("select")!;

    private static IElement FieldOf(IRenderedComponent<SettingsPage> page, string label)
        => page.FindAll(".field").Single(field => field.QuerySelector(".field-label")!.TextContent.StartsWith(label, StringComparison.Ordinal));
}
