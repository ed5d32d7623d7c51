using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Vouchers;
using EasyIsp.Testing;
using EasyIsp.Web.Today;
using Xunit;

namespace EasyIsp.Web.Tests.Today;

public sealed class TodayPageTests(PostgresServer server)
{
    private static readonly Guid Request = Guid.Parse("019cad4e-0000-7000-8000-000000000001");

    [Fact]
    public async Task Figures_lead_to_what_they_count()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var customer = await browser.World.CustomerAsync("Grace Wanjiru");
        await browser.World.GiveAsync(customer, await browser.World.PackageAsync(days: 1));
        await browser.World.GoOnlineAsync(customer, await browser.World.RouterAsync());

        var page = browser.Context.Render<TodayPage>();

        page.WaitForAssertion(() => Assert.Equal("1", page.Find(".key-figures a[href='/sessions']").TextContent), TimeSpan.FromSeconds(10));
        Assert.Contains("Grace Wanjiru", page.Find($"a.line[href='/customers/{customer}']").TextContent);
    }

    [Fact]
    public async Task Somebody_who_guesses_voucher_codes_is_shown_for_a_day()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        var router = await browser.World.RouterAsync();
        await browser.World.AsTenantAsync<VoucherGuard, int>(async guard =>
        {
            for (var i = 0; i < LimitRules.GuessByDevice.AlarmAt; i++)
            {
                await guard.CountWrongAsync(new Redeemer("AA:BB:CC:00:00:01", null) { RouterId = router }, CancellationToken.None);
                browser.World.Clock.Advance(TimeSpan.FromMinutes(20));
            }

            return 0;
        });

        var page = browser.Context.Render<TodayPage>();

        page.WaitForAssertion(() => Assert.Contains("Somebody is guessing voucher codes", page.Markup), TimeSpan.FromSeconds(10));
        var line = page.Find($".guessing a.line[href='/routers/{router}']").TextContent;
        Assert.Contains("Device AA:BB:CC:00:00:01", line, StringComparison.Ordinal);
        Assert.Contains("10 wrong codes at", line, StringComparison.Ordinal);
        browser.World.Clock.Advance(GuessingAlarm.Shown);
        var later = browser.Context.Render<TodayPage>();
        later.WaitForAssertion(() => Assert.Contains("Expiring in 24 hours", later.Markup), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("Somebody is guessing", later.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StandardRoles.Admin, true)]
    [InlineData(StandardRoles.Technician, false)]
    public async Task A_payment_leads_to_its_story_for_whoever_may_read_it(string role, bool leads)
    {
        await using var browser = await StaffBrowser.OpenAsync(server, role);
        var payment = new LatestPayment(Request, Request, "Grace", null, "UA17K4M2QX", 20, browser.World.Clock.GetUtcNow());

        var list = browser.Context.Render<LatestPayments>(parameters => parameters.Add(l => l.Payments, [payment]));

        Assert.Equal(leads ? 1 : 0, list.FindAll($"a.line[href='/payments/{Request}']").Count);
        Assert.Contains("UA17K4M2QX", list.Find(".line").TextContent);
    }

    [Theory]
    [InlineData(StandardRoles.Admin, true)]
    [InlineData(StandardRoles.Support, false)]
    public async Task Who_sets_a_new_tenant_up_is_shown_the_way_to_the_first_sale(string role, bool isShown)
    {
        await using var browser = await StaffBrowser.OpenAsync(server, role);
        await browser.World.PackageAsync();

        var page = browser.Context.Render<TodayPage>();

        page.WaitForAssertion(() => Assert.Contains("Expiring in 24 hours", page.Markup), TimeSpan.FromSeconds(10));
        Assert.Equal(isShown ? 1 : 0, page.FindAll("a.line[href='/settings?tab=mpesa']").Count);
        Assert.Equal(isShown ? 1 : 0, page.FindAll(".first-steps-done").Count);
    }
}
