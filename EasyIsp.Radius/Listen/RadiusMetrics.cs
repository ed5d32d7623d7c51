using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Text.Json;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>What the worker counts, in the sense of the RADIUS server MIBs (RFC 4669, RFC 4671).</summary>
internal sealed class RadiusMetrics
{
    public const string MeterName = "EasyIsp.Radius";

    /// <summary>Sources counted by name; what comes from further ones is counted together as "other".</summary>
    public const int MaxUnknownSources = 100;

    private static readonly double[] DurationBounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

    private static readonly FrozenDictionary<PacketCode, string> CodeNames = Names<PacketCode>();
    private static readonly FrozenDictionary<DropReason, string> ReasonNames = Names<DropReason>();

    private readonly ConcurrentDictionary<UInt128, string> _unknownSources = new();
    private readonly Counter<long> _requests;
    private readonly Counter<long> _replies;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _unknownNas;
    private readonly Counter<long> _zeroAuthenticators;
    private readonly Histogram<double> _duration;

    public RadiusMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = Count("radius.requests", "Requests received, by code.");
        _replies = Count("radius.replies", "Replies sent, by code; repeated ones are not among them.");
        _drops = Count("radius.drops", "Datagrams left unanswered, by reason.");
        _duplicates = Count(
            "radius.duplicates", "Retransmissions: answered again, or ignored while the first is worked on.");
        _unknownNas = Count("radius.unknown_nas", "Datagrams from addresses that are no NAS of ours, by address.");
        _zeroAuthenticators = Count(
            "radius.zero_authenticators", "Access-Requests with a Request Authenticator of zeros.");
        _duration = meter.CreateHistogram(
            "radius.request.duration",
            "s",
            "From the datagram's arrival to its reply, by the reply's code.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });

        Counter<long> Count(string name, string description) => meter.CreateCounter<long>(name, "{packet}", description);
    }

    public void Received(PacketCode code) => _requests.Add(1, Tag("code", NameOf(code)));

    public void ZeroAuthenticator() => _zeroAuthenticators.Add(1);

    /// <summary>A reply, or a repeated one, has left.</summary>
    public void Sent(in Answer answer, TimeProvider clock)
    {
        if (answer.IsRepeated)
            _duplicates.Add(1, Tag("outcome", "repeated"));
        else
            Replied(answer.Code, clock.GetElapsedTime(answer.ArrivedAt));
    }

    public void Replied(PacketCode code, TimeSpan elapsed)
    {
        var tag = Tag("code", NameOf(code));
        _replies.Add(1, tag);
        _duration.Record(elapsed.TotalSeconds, tag);
    }

    public void Dropped(DropReason reason) => _drops.Add(1, Tag("reason", ReasonNames[reason]));

    /// <summary>A retransmission of a request that is still being worked on.</summary>
    public void Ignored() => _duplicates.Add(1, Tag("outcome", "ignored"));

    /// <summary>Counts the drop as well.</summary>
    public void UnknownNas(PeerEndpoint source)
    {
        Dropped(DropReason.UnknownNas);
        _unknownNas.Add(1, Tag("source", NameOf(source)));
    }

    private string NameOf(PeerEndpoint source)
    {
        if (_unknownSources.TryGetValue(source.Address, out var name))
            return name;

        return _unknownSources.Count < MaxUnknownSources
            ? _unknownSources.GetOrAdd(source.Address, source.ToIPAddress().ToString())
            : "other";
    }

    private static string NameOf(PacketCode code) => CodeNames.GetValueOrDefault(code, "unknown");

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    private static FrozenDictionary<T, string> Names<T>() where T : struct, Enum
        => Enum.GetValues<T>().ToFrozenDictionary(
            value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
