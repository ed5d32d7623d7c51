using Bunit;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Statistics;
using EasyIsp.Testing;
using EasyIsp.Web.Blocks;
using EasyIsp.Web.Sessions;
using EasyIsp.Web.Sessions.Statistics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Sessions.Statistics;

public sealed class StatisticsPageTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Figures_of_the_week_stand_by_site_and_package_and_lead_to_what_they_count()
    {
        await using var browser = await BusyAsync();
        browser.GoTo("/sessions/statistics");

        var page = browser.Context.Render<StatisticsPage>();

        page.WaitForAssertion(() => Assert.Contains("Grace Wanjiru", page.Find("a.line[href^='/customers/']").TextContent), Patience);
        Assert.Contains("counted at 12:00", page.Find(".page-head").TextContent);
        var site = page.Find(".places a[href^='/sessions/ended?router=']");
        Assert.Equal("Town mast", site.TextContent);
        Assert.EndsWith("&from=2026-02-24&until=2026-03-02", site.GetAttribute("href"));
        Assert.Contains("Home 10", page.FindAll(".places")[1].TextContent);
        Assert.Equal(7 * 24, page.FindAll(".heat td").Count);
        Assert.Contains("logged off", page.Find(".endings").TextContent);
    }

    [Fact]
    public async Task Another_period_is_another_address()
    {
        await using var browser = await BusyAsync();
        browser.GoTo("/sessions/statistics");
        var page = browser.Context.Render<StatisticsPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".heat")), Patience);

        await page.InvokeAsync(() => page.FindAll("button.chip").Single(chip => chip.TextContent == "Today").Click());

        page.WaitForAssertion(() => Assert.Contains("By hour", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll(".heat"));
        Assert.Equal("/sessions/statistics?period=today", browser.Path);
        Assert.Contains(page.FindAll("a[download]"), link => link.GetAttribute("href") == "/sessions/statistics/hours.csv?period=today");
    }

    [Fact]
    public async Task Before_the_first_count_and_where_nobody_was_the_page_says_so()
    {
        await using var browser = await StaffBrowser.OpenAsync(server);
        browser.GoTo("/sessions/statistics");

        var page = browser.Context.Render<StatisticsPage>();
        page.WaitForAssertion(() => Assert.Contains("Nothing has been counted yet", page.Markup, StringComparison.Ordinal), Patience);

        await CountAsync(browser);
        browser.GoTo("/sessions/statistics?period=yesterday");
        page.WaitForAssertion(() => Assert.Contains("Nobody was online", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task The_list_of_ended_sessions_is_narrowed_to_the_days()
    {
        await using var browser = await BusyAsync();
        browser.GoTo("/sessions/ended?from=2026-03-02&until=2026-03-02");
        var page = browser.Context.Render<EndedSessionsPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")), Patience);

        browser.GoTo("/sessions/ended?from=2026-02-24&until=2026-03-01");
        page.WaitForAssertion(() => Assert.Contains("Nothing matches", page.Markup, StringComparison.Ordinal), Patience);
        await page.InvokeAsync(() => page.FindAll("button.chip").Single(chip => chip.TextContent.Contains("24 Feb", StringComparison.Ordinal)).Click());

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")), Patience);
        Assert.Equal("/sessions/ended", browser.Path);
    }

    [Theory]
    [InlineData("", "2026-02-24", "2026-03-02")]
    [InlineData("?period=today", "2026-03-02", "2026-03-02")]
    [InlineData("?period=yesterday", "2026-03-01", "2026-03-01")]
    [InlineData("?period=30days", "2026-02-01", "2026-03-02")]
    [InlineData("?period=month", "2026-03-01", "2026-03-02")]
    [InlineData("?period=lastmonth", "2026-02-01", "2026-02-28")]
    [InlineData("?period=dates&from=2026-02-20&until=2026-02-10", "2026-02-10", "2026-02-20")]
    [InlineData("?period=dates&from=2020-02-10&until=2026-02-10", "2025-02-10", "2026-02-10")]
    [InlineData("?period=nonsense", "2026-02-24", "2026-03-02")]
    public void A_period_is_whole_days_of_the_tenant(string address, string from, string until)
    {
        var query = StatisticsQueries.Of(ListQuery.From(address), new DateOnly(2026, 3, 2));

        Assert.Equal((from, until), (Periods.Iso(query.From), Periods.Iso(query.Until)));
    }

    [Fact]
    public async Task A_file_has_plain_figures_and_no_formula()
    {
        var place = new PlaceFigures(Guid.Parse("019cad4e-0000-7000-8000-000000000001"), "=cmd|\"x\"", new SessionSums(1, 2, 3, TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(30), 1_000, 2_000), 1.5, 2);
        var content = StatisticsCsv.Of("routers", Figures(place))!.Value;
        using var stream = new MemoryStream();

        await Csv.WriteAsync(stream, content.Header, content.Rows, CancellationToken.None);

        var lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\ufeff').Split("\r\n");
        Assert.Equal("Router,Sessions,Begun,Ended,Online hours,Average session (s),Downloaded (B),Uploaded (B),Customers a day,Lost", lines[0]);
        Assert.Equal("\"'=cmd|\"\"x\"\"\",3,2,3,1.5,600,2000,1000,1.5,2", lines[1]);
        Assert.Null(StatisticsCsv.Of("passwords", Figures(place)));
    }

    [Fact]
    public void More_and_less_than_before_is_told_with_its_sign()
    {
        using var context = new BunitContext();

        Assert.Equal("+12\u00a0%", Told(112, 100));
        Assert.Equal("−50\u00a0%", Told(50, 100));
        Assert.Equal("", Told(50, 0));
        Assert.Equal("", Told(50, null));

        string Told(double now, double? before) => context.Render<Change>(parameters => parameters
            .Add(change => change.Now, now).Add(change => change.Before, before).Add(change => change.Then, "then").Add(change => change.Days, 7)).Nodes.Select(node => node.TextContent).FirstOrDefault("");
    }

    private async Task<StaffBrowser> BusyAsync()
    {
        var browser = await StaffBrowser.OpenAsync(server);
        var customer = await browser.World.CustomerAsync("Grace Wanjiru");
        await browser.World.GiveAsync(customer, await browser.World.PackageAsync());
        await browser.World.HaveBeenOnlineAsync(customer, await browser.World.RouterAsync(), 5_000_000_000);
        await browser.World.HaveUsedAsync(customer, new DateOnly(2026, 3, 2), 5_000_000_000);
        await CountAsync(browser);
        return browser;
    }

    private static Task CountAsync(StaffBrowser browser)
        => browser.World.Services.GetRequiredService<SessionStatisticsJob>().RunAsync(CancellationToken.None);

    private static SessionFigures Figures(PlaceFigures place) => new()
    {
        CountedAt = null, Sums = SessionSums.None, Before = null, Busy = BusyHours.None, Days = [], Routers = [place], Packages = [], Endings = [], Refusals = [],
    };
}
