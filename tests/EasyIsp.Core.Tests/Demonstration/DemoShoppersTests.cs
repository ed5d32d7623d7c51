using EasyIsp.Emulators.Demonstration.Shoppers;
using EasyIsp.Emulators.Routers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EasyIsp.Core.Tests.Demonstration;

public sealed class DemoShoppersTests
{
    [Fact]
    public async Task Who_finds_the_portal_away_gives_up_in_a_line_and_the_next_one_comes()
    {
        using var gaveUp = new GivingUp();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Network:Routers:0:Name"] = "tower-1",
            ["Network:Routers:0:ApiPort"] = "0",
            ["Network:Routers:0:CoaPort"] = "0",
            ["Network:Routers:0:HotspotPort"] = "0",
            ["Network:Routers:0:PortalUrl"] = "http://127.0.0.1:1/h/gate",
            ["Shoppers:MeanPause"] = "00:00:00",
        });
        builder.Logging.AddProvider(gaveUp);
        builder.Services.AddRouters(builder.Configuration).AddShoppers(builder.Configuration);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var shoppers = host.Services.GetRequiredService<DemoShoppers>();

        for (var i = 0; i < 2; i++)
        {
            shoppers.Invite();
            var line = await gaveUp.NextAsync();
            Assert.StartsWith("A shopper at tower-1 gave up while arriving: ", line, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', line);
        }

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(shoppers.Present);
        Assert.Empty(Assert.Single(host.Services.GetRequiredService<EmulatedRouters>().All).Hosts);
    }

    /// <summary>The warnings, as they come.</summary>
    private sealed class GivingUp : ILoggerProvider, ILogger
    {
        private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public async Task<string> NextAsync() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _lines.Writer.TryWrite($"{formatter(state, exception)}{exception}");
        }

        public void Dispose()
        {
        }
    }
}
