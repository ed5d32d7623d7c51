using System.Net;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Health;

public sealed class HealthTests(PostgresServer server)
{
    private const string Away = "Host=127.0.0.1;Port=9;Username=easyisp_app;Password=of-nobody;Database=nowhere;Timeout=2";

    [Fact]
    public async Task With_its_database_the_process_lives_and_is_ready()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        using var browser = host.Browser();

        await Eventually.TrueAsync(async () => (await browser.OpenAsync("/health")).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task With_the_database_away_it_lives_but_is_not_ready_and_tells_no_secret()
    {
        await using var host = await ConsoleHost.StartAsync(server, Away);
        using var browser = host.Browser();

        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.OpenAsync("/health/ready")).StatusCode);
        var report = await (await browser.OpenAsync("/health")).TextAsync();
        Assert.Contains("\"database\":{\"status\":\"Unhealthy\"", report);
        Assert.DoesNotContain("of-nobody", report);
        Assert.DoesNotContain("127.0.0.1", report);
    }

    [Fact]
    public async Task Metrics_are_there_for_Prometheus()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        using var browser = host.Browser();
        await browser.OpenAsync("/health");

        Assert.Contains("dotnet_", await browser.ReadAsync("/metrics"));
    }
}
