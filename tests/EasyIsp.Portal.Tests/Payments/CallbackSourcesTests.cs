using System.Net;
using EasyIsp.Portal.Hosting;
using EasyIsp.Portal.Payments;
using Microsoft.Extensions.Options;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

/// <summary>Callbacks may be bound to the addresses that the operator names (mpesa.md, 14).</summary>
public sealed class CallbackSourcesTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Theory]
    [InlineData("196.201.214.200", true)]
    [InlineData("::ffff:196.201.214.200", true)]
    [InlineData("196.201.213.44", true)]
    [InlineData("196.201.213.45", false)]
    [InlineData("10.0.0.1", false)]
    public void Only_named_addresses_and_networks_may_call_back(string source, bool mayCall)
    {
        var sources = new CallbackSources(Options.Create(new PortalOptions { CallbackSources = ["196.201.214.0/24", "196.201.213.44"] }));

        Assert.Equal(mayCall, sources.Allow(IPAddress.Parse(source)));
        Assert.False(sources.Allow(null));
    }

    [Fact]
    public void Where_none_is_named_anybody_may()
        => Assert.True(new CallbackSources(Options.Create(new PortalOptions())).Allow(IPAddress.Loopback));

    [Theory]
    [InlineData("196.201.214.0/33")]
    [InlineData("safaricom.co.ke")]
    public async Task A_source_that_cannot_be_read_stops_the_start(string source)
    {
        await using var app = await PortalWorld.AppAsync(portal.World, ("Portal:CallbackSources:0", source));

        Assert.Throws<FormatException>(() => app.CreateClient());
    }

    [Fact]
    public async Task A_callback_from_elsewhere_is_refused_before_it_is_read()
    {
        await using var app = await PortalWorld.AppAsync(portal.World, ("Portal:CallbackSources:0", "196.201.214.0/24"));
        using var client = app.CreateClient();
        client.DefaultRequestHeaders.Add(Phone.AddressHeader, "203.0.113.9");

        using var refused = await client.PostAsync(
            new Uri($"/pay/cb/{new string('a', 32)}/{new string('b', 64)}", UriKind.Relative), new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        client.DefaultRequestHeaders.Remove(Phone.AddressHeader);
        client.DefaultRequestHeaders.Add(Phone.AddressHeader, "196.201.214.206");
        using var unknown = await client.PostAsync(
            new Uri($"/pay/cb/{new string('a', 32)}/{new string('b', 64)}", UriKind.Relative), new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
