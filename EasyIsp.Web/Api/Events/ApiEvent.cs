using System.Globalization;
using System.Text;
using System.Text.Json;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Sessions.Attempts;

namespace EasyIsp.Web.Api.Events;

/// <summary>What may be followed.</summary>
internal static class EventTypes
{
    public const string SessionStarted = "session.started";
    public const string SessionEnded = "session.ended";
    public const string LoginRefused = "login.refused";

    public static IReadOnlyList<string> All { get; } = [SessionStarted, SessionEnded, LoginRefused];

    /// <param name="asked">Separated by commas; nothing means all.</param>
    /// <returns>Null when one of them does not exist.</returns>
    public static IReadOnlySet<string>? Read(string? asked)
    {
        if (string.IsNullOrWhiteSpace(asked))
            return All.ToHashSet();

        var types = asked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return types.Count > 0 && types.IsSubsetOf(All) ? types : null;
    }
}

/// <summary>
/// What happened, once and for all streams as it goes over the wire. Its id begins with the instant from which somebody who
/// has seen it reads on, and is the same whenever and wherever it is sent.
/// </summary>
/// <param name="RouterId">Where it happened: who is restricted to others is not told.</param>
internal sealed record ApiEvent(string Id, string Type, DateTimeOffset At, Guid RouterId, byte[] Frame)
{
    public static string IdOf(SessionNewsItem item) => $"{Cursor(item.RecordedAt)}-{(item.HasEnded ? 'e' : 's')}-{item.SessionId:N}";

    public static string IdOf(LoginRow login) => $"{Cursor(login.At)}-l-{login.Id:N}";

    /// <param name="session">As it is now; one that has ended since it began is told of once more.</param>
    public static ApiEvent Of(SessionNewsItem item, SessionRow session, JsonSerializerOptions json) => item.HasEnded
        ? Make(IdOf(item), EventTypes.SessionEnded, item.RecordedAt, session.RouterId, SessionJson.Of(session), json)
        : Make(IdOf(item), EventTypes.SessionStarted, item.RecordedAt, session.RouterId, SessionJson.Of(session with { EndedAt = null, TerminateCause = null }), json);

    public static ApiEvent Of(LoginRow login, JsonSerializerOptions json)
        => Make(IdOf(login), EventTypes.LoginRefused, login.At, login.RouterId, LoginJson.Of(login), json);

    /// <summary>What came in between is not told: whoever keeps a copy reads all of it again.</summary>
    public static byte[] Reset(DateTimeOffset at)
        => Encoding.UTF8.GetBytes($$"""id: {{Cursor(at)}}{{"\n"}}event: reset{{"\n"}}data: {"reason":"Too much has happened since to tell it all. Read the lists again, then follow on."}{{"\n\n"}}""");

    /// <summary>Moves the place from which to read on, and tells nothing.</summary>
    public static byte[] Beat(DateTimeOffset heardUntil) => Encoding.UTF8.GetBytes($": beat\nid: {Cursor(heardUntil)}\n\n");

    /// <returns>From when on somebody has not seen all; null for what is no id of ours.</returns>
    public static DateTimeOffset? CursorIn(string lastEventId)
    {
        var microseconds = lastEventId.Split('-', 2)[0];
        return long.TryParse(microseconds, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and < 0x10_0000_0000_0000 // some 140 years after 1970
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(count)
            : null;
    }

    private static string Cursor(DateTimeOffset at)
        => ((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString("x", CultureInfo.InvariantCulture);

    private static ApiEvent Make<T>(string id, string type, DateTimeOffset at, Guid routerId, T data, JsonSerializerOptions json)
        => new(id, type, at, routerId, Encoding.UTF8.GetBytes($"id: {id}\nevent: {type}\ndata: {JsonSerializer.Serialize(data, json)}\n\n"));
}
