using System.Net;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Routers;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The whole worker, in this process, on ports of its own.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;

    private TestWorker(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public IPEndPoint Auth => EndpointOf(ListenerRole.Authentication);
    public IPEndPoint Acct => EndpointOf(ListenerRole.Accounting);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <returns>Once it listens, and knows the routers.</returns>
    public static async Task<TestWorker> StartAsync(
        World world, TimeSpan rejectDelay = default, string? spoolPath = null, Action<IServiceCollection>? configure = null)
    {
        var services = world.AddTo(new ServiceCollection()).AddPersistenceWorkers().AddHotspotWorkers().AddRadius();
        services.PostConfigure<RadiusOptions>(options =>
        {
            (options.AuthPort, options.AcctPort) = (0, 0);
            (options.RejectDelay, options.SpoolPath, options.SpoolPause) = (rejectDelay, spoolPath, TimeSpan.Zero);
        });
        configure?.Invoke(services);
        var worker = new TestWorker(services.BuildServiceProvider());
        foreach (var hosted in worker._hosted)
            await hosted.StartAsync(TestContext.Current.CancellationToken);
        await Isp.EventuallyAsync(() => Task.FromResult(worker.Get<ChangeFeed>().IsListening && worker.Get<NasDirectory>().IsLoaded));
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _hosted.Reverse())
            await hosted.StopAsync(new CancellationToken(canceled: true));
        await _services.DisposeAsync();
    }

    private IPEndPoint EndpointOf(ListenerRole role) => Get<RadiusPorts>().Endpoints.Single(port => port.Role == role).Endpoint;
}
