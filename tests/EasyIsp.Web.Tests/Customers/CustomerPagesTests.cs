using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Customers;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Customers;

public sealed class CustomerPagesTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_list_shows_what_the_address_asks_for()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        await browser.World.CustomerAsync("Grace Wanjiru");
        await browser.World.CustomerAsync("Brian Otieno");
        browser.GoTo("/customers?q=wanjiru");

        var page = browser.Context.Render<CustomersPage>();

        page.WaitForAssertion(() => Assert.Equal("Grace Wanjiru", page.Find(".list-grid tbody a").TextContent), Patience);
        Assert.Equal("1", page.Find(".page-count").TextContent);
    }

    [Fact]
    public async Task A_customer_who_has_bought_nothing_is_said_to_be_unable_to_connect_and_why()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");

        var page = browser.Context.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, id));

        page.WaitForAssertion(() => Assert.Contains("Has never bought a package", page.Find(".hindrance").TextContent), Patience);
        Assert.Contains("offline", page.Markup);
    }

    [Fact]
    public async Task A_customer_who_is_online_is_not_said_to_be_unable_to_connect()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");
        await browser.World.GiveAsync(id, await browser.World.PackageAsync());
        await browser.World.GoOnlineAsync(id, await browser.World.RouterAsync());

        var page = browser.Context.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, id));

        page.WaitForAssertion(() => Assert.Contains("Town mast", page.Find(".key-figures").TextContent), Patience);
        Assert.Empty(page.FindAll(".hindrance"));
    }

    [Fact]
    public async Task The_overview_shows_what_was_used_each_day()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");
        await browser.World.GiveAsync(id, await browser.World.PackageAsync());
        await browser.World.HaveUsedAsync(id, new DateOnly(2026, 3, 2), 4_000_000_000);

        var page = browser.Context.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, id));

        page.WaitForAssertion(() => Assert.Equal(30, page.FindAll(".usage .bars-bar").Count), Patience);
        Assert.Contains("GB a day", page.Find(".usage").TextContent);
        Assert.Equal("Mon 2 Mar: 3\u00a0GB down, 1\u00a0GB up", page.FindAll(".usage .bars-bar title")[^1].TextContent);
    }

    [Fact]
    public async Task A_role_that_only_looks_sees_no_button_that_does()
    {
        await using var browser = await StaffBrowser.OpenAsync(server, StandardRoles.Technician);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");

        var page = browser.Context.Render<CustomerPage>(parameters => parameters.Add(p => p.Id, id));

        page.WaitForAssertion(() => Assert.Contains("Grace Wanjiru", page.Find("h1").TextContent), Patience);
        Assert.DoesNotContain("Sell package", page.Markup);
        Assert.DoesNotContain("Suspend", page.Markup);
        Assert.DoesNotContain("tab=wallet", page.Markup);
    }

    [Fact]
    public async Task An_empty_form_names_what_is_missing_and_writes_nothing()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewCustomerPage>();

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        Assert.Equal(2, page.FindAll(".field-fault").Count);
        Assert.Equal(0, await browser.World.ReadAsync(db => db.Customers.CountAsync()));
    }

    [Fact]
    public async Task A_filled_form_registers_and_leads_to_the_customer()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var page = browser.Context.Render<NewCustomerPage>();
        await page.InvokeAsync(() => page.FindAll("input")[0].ChangeAsync("Grace Wanjiru"));
        await page.InvokeAsync(() => page.FindAll("input")[1].ChangeAsync("0712 345 678"));
        await page.InvokeAsync(() => page.FindAll("input")[3].ChangeAsync("grace.w"));

        await page.InvokeAsync(() => page.Find("form").SubmitAsync());

        page.WaitForAssertion(() => Assert.StartsWith("/customers/0", browser.Path), Patience);
        Assert.Equal("+254712345678", await browser.World.ReadAsync(db => db.Customers.Select(c => c.Phone).SingleAsync()));
    }
}
