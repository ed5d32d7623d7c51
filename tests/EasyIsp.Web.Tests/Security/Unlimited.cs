using EasyIsp.Core.Limits;

namespace EasyIsp.Web.Tests.Security;

/// <summary>For tests that attack something else than the limits, and ask more often than anybody may.</summary>
internal static class Unlimited
{
    public static IReadOnlyDictionary<string, string> Settings { get; } = LimitRules.All.OfType<TryRule>().ToDictionary(rule => $"Limits:{rule.Name}:Tries", _ => "100000");
}
