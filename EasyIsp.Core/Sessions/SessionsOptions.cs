using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Sessions;

/// <summary>The <c>Sessions</c> section.</summary>
public sealed class SessionsOptions
{
    public const string Section = "Sessions";

    /// <summary>A session that says nothing for so long is over: three interim reports (Acct-Interim-Interval is 300 s).</summary>
    [Range(typeof(TimeSpan), "00:02:00", "1.00:00:00")]
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(3 * 300);

    /// <summary>How long the log of logins reaches back.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan KeepLogins { get; init; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class SessionsOptionsValidator : IValidateOptions<SessionsOptions>;
