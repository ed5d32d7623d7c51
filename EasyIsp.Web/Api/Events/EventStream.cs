using System.Threading.Channels;

namespace EasyIsp.Web.Api.Events;

/// <summary>What waits to be sent to one client. A client that does not keep up is cut: it comes back and says where it was.</summary>
/// <param name="routerIds">The only routers that the person behind the token sees; null for all.</param>
internal sealed class EventStream(Guid tokenId, IReadOnlySet<string> types, Guid[]? routerIds) : IDisposable
{
    private const int Room = 1_000;

    private readonly CancellationTokenSource _cut = new();
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(Room);

    public Guid TokenId => tokenId;

    public ChannelReader<Waiting> Events => _waiting.Reader;

    /// <summary>The client is too slow.</summary>
    public CancellationToken Cut => _cut.Token;

    public bool Wants(ApiEvent happened) => types.Contains(happened.Type) && (routerIds is null || routerIds.Contains(happened.RouterId));

    public void Offer(ApiEvent happened)
    {
        if (Wants(happened))
            Offer(new Waiting(happened.Id, happened.Type, happened.Frame));
    }

    public void Reset(DateTimeOffset at) => Offer(new Waiting(null, "reset", ApiEvent.Reset(at)));

    public void Dispose() => _cut.Dispose();

    private void Offer(Waiting frame)
    {
        if (!_waiting.Writer.TryWrite(frame))
            _cut.Cancel();
    }

    /// <param name="Id">Null for what is not an event of the network.</param>
    internal readonly record struct Waiting(string? Id, string Type, byte[] Frame);
}
