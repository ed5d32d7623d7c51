using Bunit;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Web.Settings;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class RefusedTabTests(PostgresServer server)
{
    [Fact]
    public async Task A_reason_leads_somewhere_only_with_a_place_and_nowhere_again_at_one_click()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var tab = browser.Context.Render<RefusedTab>();
        tab.WaitForAssertion(() => Assert.Equal(4, tab.FindAll("form").Count), TimeSpan.FromSeconds(10));

        await tab.InvokeAsync(() => tab.FindAll("input[type=checkbox]")[0].ChangeAsync(true));
        await tab.InvokeAsync(() => tab.FindAll("form")[0].SubmitAsync());
        Assert.Contains("A pool or a list is needed", tab.Find(".field-fault").TextContent);

        await tab.InvokeAsync(() => tab.FindAll("form")[0].QuerySelectorAll("input:not([type=checkbox])")[0].ChangeAsync("unpaid"));
        await tab.InvokeAsync(() => tab.FindAll("form")[0].SubmitAsync());
        var offered = await browser.World.ReadAsync(db => db.LimitedAccess.SingleAsync());
        Assert.Equal((LimitedReason.Expired, "unpaid", 512, TimeSpan.FromMinutes(5)), (offered.Reason, offered.AddressPool, offered.Kbps, offered.Length));

        await tab.InvokeAsync(() => tab.FindAll("input[type=checkbox]")[0].ChangeAsync(false));
        Assert.Equal(0, await browser.World.ReadAsync(db => db.LimitedAccess.CountAsync()));
    }
}
