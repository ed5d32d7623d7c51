using System.Text.Json;
using System.Text.Json.Serialization;
using EasyIsp.Core.Sessions.Attempts;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>What would have been answered. Nothing secret is in it.</summary>
/// <param name="Refusal">Why not; also of one who would be let in with limits.</param>
/// <param name="Message">What the refused person reads.</param>
/// <param name="Request">The packet in readable text, as the router would send it.</param>
/// <param name="Reply">The packet in readable text; null where none is sent.</param>
/// <param name="Effects">What the login would have used up or changed, and the test did not.</param>
/// <param name="Took">From the packet's arrival to the answer, without the pause before a refusal.</param>
public sealed record LoginTestResult(
    LoginTestAnswer Answer,
    Refusal? Refusal,
    string? Message,
    string? Request,
    string? Reply,
    IReadOnlyList<LoginTestEffect> Effects,
    TimeSpan Took)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>No packet was judged.</summary>
    public static LoginTestResult NotTried(LoginTestAnswer why) => new(why, null, null, null, null, [], TimeSpan.Zero);
}

internal sealed class LoginTestResultConverter() : ValueConverter<LoginTestResult, string>(
    result => JsonSerializer.Serialize(result, LoginTestResult.Json),
    text => JsonSerializer.Deserialize<LoginTestResult>(text, LoginTestResult.Json)!);

public enum LoginTestAnswer
{
    Accepted,

    /// <summary>Refused, and let in as far as a page that says why.</summary>
    Limited,
    Refused,

    /// <summary>No answer at all: the database was away, or too slow for the router to wait.</summary>
    Unanswered,

    /// <summary>The worker does not know the router: it is archived, or its secret cannot be read.</summary>
    RouterUnknown,

    /// <summary>The customer has no password any more that could be taken.</summary>
    NoPassword,

    /// <summary>The worker failed; its log says why.</summary>
    Failed,
}

/// <summary>What a real login would have done besides.</summary>
public enum LoginTestEffect
{
    TakesPlace,

    /// <summary>One device too many: the session that began first ends.</summary>
    PushesOutOldest,
    BindsDevice,
    UsesOneTimePassword,
    RedeemsVoucher,
}
