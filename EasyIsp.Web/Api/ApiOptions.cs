using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Api;

/// <summary>What one token may ask of this process. Bound to the section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Requests that a token has saved up at most.</summary>
    [Range(1, 100_000)]
    public int Burst { get; init; } = 200;

    /// <summary>Requests that it gains each second.</summary>
    [Range(1, 10_000)]
    public int RequestsPerSecond { get; init; } = 20;

    /// <summary>The same for an address without a good token.</summary>
    [Range(1, 100_000)]
    public int StrangersBurst { get; init; } = 60;

    /// <summary>Event streams that a token has open at a time.</summary>
    [Range(1, 1_000)]
    public int StreamsPerToken { get; init; } = 5;

    /// <summary>Event streams of all tokens together.</summary>
    [Range(1, 100_000)]
    public int Streams { get; init; } = 500;
}

[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
