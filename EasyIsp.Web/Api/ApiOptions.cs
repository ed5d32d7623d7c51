using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Api;

/// <summary>What one token may ask of this process. Bound to the section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Event streams that a token has open at a time.</summary>
    [Range(1, 1_000)]
    public int StreamsPerToken { get; init; } = 5;

    /// <summary>Event streams of all tokens together.</summary>
    [Range(1, 100_000)]
    public int Streams { get; init; } = 500;
}

[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
