using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Limits;

/// <summary>What an installation has other than <see cref="LimitRules"/> say. The section <c>Limits</c>, by the rules' names.</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    public Dictionary<string, LimitSetting> Rules { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal TryRule Of(TryRule rule) => Rules.TryGetValue(rule.Name, out var other)
        ? rule with { Tries = other.Tries ?? rule.Tries, Window = other.Window ?? rule.Window }
        : rule;
}

/// <summary>Of one rule; what is not set stays as it is.</summary>
public sealed class LimitSetting
{
    /// <summary>So many at once, and so many in a window.</summary>
    public int? Tries { get; set; }

    public TimeSpan? Window { get; set; }
}

/// <summary>A name that is no rule's would change nothing, and nobody would notice: it stops the start.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    private const int MostTries = 1_000_000;

    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = options.Rules.Select(setting => FaultOf(setting.Key, setting.Value)).OfType<string>().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string? FaultOf(string name, LimitSetting setting) => setting switch
    {
        _ when LimitRules.All.OfType<TryRule>().All(rule => !rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) => $"{LimitOptions.Section}:{name}: there is no such limit.",
        { Tries: < 1 or > MostTries } => $"{LimitOptions.Section}:{name}:Tries: 1 to {MostTries}.",
        { Window: { } window } when window < TimeSpan.FromSeconds(1) || window > LongestWindow => $"{LimitOptions.Section}:{name}:Window: a second to a day.",
        _ => null,
    };
}
