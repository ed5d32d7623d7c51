using System.Net;
using EasyIsp.Portal.Payments;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Portal.Tests.Hosting;

/// <summary>What the portal writes down as it is delivered: lines on the console.</summary>
public sealed class LogTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Theory]
    [InlineData("cb")]
    [InlineData("in")]
    [InlineData("res")]
    [InlineData("out")]
    [InlineData("ask")]
    public async Task A_callbacks_path_is_its_secret_and_on_no_line(string way)
    {
        await using var app = await PortalWorld.AppAsync(portal.World, ("Portal:CallbackSources:0", "196.201.214.0/24"));
        await using var talkative = app.WithWebHostBuilder(host => host.UseSetting("Serilog:MinimumLevel:Default", "Verbose"));
        var (account, key) = ($"account{Guid.CreateVersion7(portal.World.Clock.GetUtcNow()):N}", $"key{new string('b', 61)}");
        using var lines = WrittenLines.Take();
        using var client = talkative.CreateClient();

        // A stranger is turned away with a warning, and whoever may call is looked up in the database.
        foreach (var from in new[] { "203.0.113.9", "196.201.214.206" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/pay/{way}/{account}/{key}", UriKind.Relative)) { Content = new StringContent("{}") };
            request.Headers.Add(Phone.AddressHeader, from);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound);
        }

        Assert.Contains($"{typeof(CallbackEndpoint)}", lines.Said, StringComparison.Ordinal);
        Assert.Contains("RequestId", lines.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(account, lines.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(key, lines.Said, StringComparison.Ordinal);
    }
}
