using Bunit;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Customers;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Customers;

public sealed class ConnectionTabTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_fixed_address_and_a_lock_are_kept()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");
        var tab = Open(browser, id);

        await tab.InvokeAsync(() => tab.FindAll("input")[0].ChangeAsync("10.20.0.15"));
        await tab.InvokeAsync(() => tab.FindAll("input[type=radio]")[1].ChangeAsync(true));
        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());

        var customer = await browser.World.ReadAsync(db => db.Customers.SingleAsync(c => c.Id == id));
        Assert.Equal(("10.20.0.15", DeviceLock.BindOnFirstUse), (customer.StaticAddress?.ToString(), customer.DeviceLock));
    }

    [Fact]
    public async Task What_is_no_address_is_told_at_its_field_and_another_customers_too()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var other = await browser.World.CustomerAsync("Brian Otieno");
        await browser.World.AsTenantAsync<ConnectionDesk, ConnectionOutcome>(desk => desk.ChangeAsync(
            other, new ConnectionDraft("10.20.0.15", null, DeviceLock.Off, []), new ConnectionDraft(null, null, DeviceLock.Off, []), CancellationToken.None));
        var id = await browser.World.CustomerAsync("Grace Wanjiru");
        var tab = Open(browser, id);

        await tab.InvokeAsync(() => tab.FindAll("input")[0].ChangeAsync("10.20"));
        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());
        Assert.Contains("An IPv4 address as", tab.Find(".field-fault").TextContent);

        await tab.InvokeAsync(() => tab.FindAll("input")[0].ChangeAsync("10.20.0.15"));
        await tab.InvokeAsync(() => tab.Find("form").SubmitAsync());
        tab.WaitForAssertion(() => Assert.Contains("Another customer has this address", tab.Find(".field-fault").TextContent), Patience);
    }

    [Fact]
    public async Task A_device_is_written_down_and_struck_out()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");
        var tab = Open(browser, id);

        await tab.InvokeAsync(() => tab.FindAll("input")[0].ChangeAsync("10.20.0.15"));
        await tab.InvokeAsync(() => tab.Find("input[placeholder='AA:BB:CC:00:00:01']").ChangeAsync("aabbcc000001"));
        await tab.InvokeAsync(() => tab.Find("input[placeholder=Television]").ChangeAsync("Television"));
        await tab.InvokeAsync(() => tab.FindAll("form")[1].SubmitAsync());
        tab.WaitForAssertion(() => Assert.Contains("AA:BB:CC:00:00:01", tab.Find(".devices").TextContent), Patience);

        Assert.Equal("10.20.0.15", tab.FindAll("input")[0].GetAttribute("value"));

        await tab.InvokeAsync(() => tab.FindAll(".devices button").Single().ClickAsync());
        tab.WaitForAssertion(() => Assert.Empty(tab.FindAll(".devices li")), Patience);
    }

    [Fact]
    public async Task A_role_that_only_looks_sees_no_button_that_does()
    {
        await using var browser = await StaffBrowser.OpenAsync(server, StandardRoles.Technician);
        var id = await browser.World.CustomerAsync("Grace Wanjiru");

        var tab = Open(browser, id);

        Assert.DoesNotContain(tab.FindAll("button"), button => button.TextContent is "Save" or "Add");
    }

    private static IRenderedComponent<ConnectionTab> Open(StaffBrowser browser, Guid customerId)
    {
        var tab = browser.Context.Render<ConnectionTab>(parameters => parameters.Add(p => p.CustomerId, customerId));
        tab.WaitForElement(".devices", Patience);
        return tab;
    }
}
