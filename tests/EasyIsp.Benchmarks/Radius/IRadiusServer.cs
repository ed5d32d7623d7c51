using EasyIsp.Benchmarks.Radius.Load;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>A server under load: ours, or FreeRADIUS in one of its two forms.</summary>
internal interface IRadiusServer : IAsyncDisposable
{
    string Name { get; }
    int ProcessId { get; }
    LoadTarget Target { get; }

    /// <summary>Ends when all that it has acknowledged is in its database.</summary>
    Task SettleAsync(CancellationToken cancellationToken);
}
