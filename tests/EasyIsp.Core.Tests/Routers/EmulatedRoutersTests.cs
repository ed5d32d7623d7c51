using EasyIsp.Emulators.Routers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class EmulatedRoutersTests
{
    [Fact]
    public async Task Routers_and_their_people_come_from_the_configuration_and_go_with_the_process()
    {
        await using var radius = new ScriptedRadiusServer();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Network:Routers:0:Name"] = "tower-1",
            ["Network:Routers:0:Version"] = "7.16",
            ["Network:Routers:0:RadiusAuthPort"] = $"{radius.AuthPort}",
            ["Network:Routers:0:RadiusAcctPort"] = $"{radius.AcctPort}",
            ["Network:Routers:0:ApiPort"] = "0",
            ["Network:Routers:0:CoaPort"] = "0",
            ["Network:Routers:0:HotspotPort"] = "0",
            ["Network:Routers:0:PppoeAuthentication"] = "Chap",
            ["Network:People:tower-1:MeanAway"] = "00:00:00",
            ["Network:People:tower-1:People:0:Service"] = "Pppoe",
            ["Network:People:tower-1:People:0:Username"] = "home-1",
            ["Network:People:tower-1:People:0:Password"] = "pw",
        });
        builder.Services.AddRouters(builder.Configuration);
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        var start = (await radius.AccountingAsync()).Packet;
        Assert.Equal(("home-1", "tower-1"), (start.Text(1), start.Text(32)));
        Assert.Equal(new RouterOsVersion(7, 16), Assert.Single(host.Services.GetRequiredService<EmulatedRouters>().All).Options.Version);

        await host.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(7u, (await radius.AccountingAsync()).Packet.Number(49));
    }
}
