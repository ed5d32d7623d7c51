using System.Text.Json;
using System.Text.Json.Serialization;
using EasyIsp.Core.Shared;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// What a router is told of a session that may change while it runs. Kept with the session, and compared with what the
/// router would be told now: a new fact of this kind is one more property here, and one more line in
/// <see cref="ChangeFrom"/> or <see cref="NewLoginFor"/>.
/// </summary>
/// <param name="EndsAt">The first moment without access.</param>
/// <param name="DataLimitBytes">Of the whole subscription; null where the router counts nothing down.</param>
/// <param name="Network">Address, pools, lists and VLAN; null where they are the router's own.</param>
/// <param name="IsLease">A DHCP lease: the router asks again when it is over, and takes no orders about it.</param>
internal sealed record SessionTerms(
    string RateLimit, DateTimeOffset EndsAt, long? DataLimitBytes = null, uint? IdleSeconds = null, bool IsLease = false, string? Network = null)
{
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public static SessionTerms Of(LoginDecision decision, AccessType accessType, Welcome welcome, bool isLease = false)
    {
        var terms = decision.Terms ?? throw new ArgumentException("Only who is admitted has terms.", nameof(decision));
        return new SessionTerms(
            terms.Line.RateLimit,
            decision.EndsAt,
            accessType is AccessType.Hotspot ? terms.DataLimitBytes : null,
            welcome.IdleSeconds,
            isLease,
            terms.Line.Network);
    }

    /// <summary>As the database keeps it. Null, or what an older version wrote, is read as what it has in common with now.</summary>
    public static SessionTerms? Read(string? told) => told is null ? null : JsonSerializer.Deserialize<SessionTerms>(told, Json);

    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>What a CoA-Request can change (mikrotik.md, 4.8).</summary>
    /// <param name="told">Null: not known; then all of it.</param>
    /// <param name="startedAt">
    /// A router counts Session-Timeout from the session's start. One that counted from the order would end it later than it
    /// should, never earlier, and is then told to end it.
    /// </param>
    public SessionChange ChangeFrom(SessionTerms? told, DateTimeOffset startedAt) => new(
        RateLimit == told?.RateLimit ? null : RateLimit,
        EndsAt == told?.EndsAt ? null : WholeSeconds(EndsAt - startedAt),
        IdleSeconds == told?.IdleSeconds ? null : IdleSeconds ?? 0);

    /// <summary>What only a new login can bring, in words; null when nothing.</summary>
    public string? NewLoginFor(SessionTerms? told)
        => told is not null && Network != told.Network ? "address or list"
            : DataLimitBytes != told?.DataLimitBytes ? "data limit"
            : null;

    /// <summary>Whether a customer loses nothing when the new login waits until he makes it himself.</summary>
    public bool MayWaitSince(SessionTerms? told)
        => told is null || (Network == told.Network && (DataLimitBytes is null || DataLimitBytes > told.DataLimitBytes));

    private static uint WholeSeconds(TimeSpan time) => (uint)Math.Clamp(Math.Floor(time.TotalSeconds), 1, uint.MaxValue);
}
