using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Web.Tests.Security;

/// <summary>What the console shows to an attacker, read from the routes and from the code: nothing is listed by hand.</summary>
internal static partial class Surface
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    private static readonly string[] Writing = ["POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Pages as components, each with its addresses.</summary>
    public static IReadOnlyList<Type> Pages { get; } = [.. typeof(Program).Assembly.GetTypes().Where(type => type.IsDefined(typeof(RouteAttribute)))];

    /// <summary>The pages that are rendered on a circuit; the others are plain forms, and reached by HTTP.</summary>
    public static IEnumerable<Type> LivePages => Pages.Where(page => !page.IsDefined(typeof(ExcludeFromInteractiveRoutingAttribute)));

    public static IReadOnlyList<RouteEndpoint> EndpointsOf(ConsoleHost host)
        => [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static string Pattern(this RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    public static bool IsOfApi(this RouteEndpoint endpoint) => endpoint.Pattern().StartsWith("/api/v", StringComparison.Ordinal);

    /// <summary>The style sheets, scripts and fonts of the program.</summary>
    public static bool IsFile(this RouteEndpoint endpoint)
        => endpoint.Metadata.Any(data => data.GetType().Name is "StaticAssetDescriptor") || endpoint.Pattern().StartsWith("/_framework", StringComparison.Ordinal);

    /// <summary>All where the endpoint says nothing.</summary>
    public static IReadOnlyList<string> Methods(this RouteEndpoint endpoint)
        => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [.. Writing.Prepend("GET")];

    public static IEnumerable<string> WritingMethods(this RouteEndpoint endpoint) => endpoint.Methods().Intersect(Writing);

    public static IEnumerable<string> Ids(this RouteEndpoint endpoint)
        => endpoint.RoutePattern.Parameters.Where(IsId).Select(parameter => parameter.Name);

    /// <summary>The endpoint's address with something in each of its places.</summary>
    public static string Address(this RouteEndpoint endpoint, Guid id, string text = "x")
    {
        var address = endpoint.Pattern();
        foreach (var parameter in endpoint.RoutePattern.Parameters)
            address = Regex.Replace(address, $@"\{{\**{parameter.Name}(:[^}}]*)?\??\}}", IsId(parameter) ? id.ToString() : text, RegexOptions.None, TimeSpan.FromSeconds(1));
        return address;
    }

    /// <summary>The words that stand before a value in addresses: of <c>ListQuery</c>, of parameters, and of what the API reads.</summary>
    public static IReadOnlyList<string> QueryWords { get; } =
    [
        .. new[] { "q", "sort", "page", "after", "key", "done" }
            .Concat(WordsInSources())
            .Concat(Pages.SelectMany(page => page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(property => property.IsDefined(typeof(SupplyParameterFromQueryAttribute)))
                .Select(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()!.Name ?? property.Name))
            .Select(word => char.ToLowerInvariant(word[0]) + word[1..])
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>The same, with the parameters of endpoints.</summary>
    public static IReadOnlyList<string> QueryWordsOf(RouteEndpoint endpoint) => endpoint.IsOfApi()
        ? [.. endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters().SelectMany(WordsOf).Distinct() ?? []]
        : QueryWords;

    /// <summary>The sources of a project, by their path.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string pattern, string project = "EasyIsp.Web")
        => Directory.EnumerateFiles(Path.Combine(Root, project), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(Root, path), File.ReadAllText(path)));

    private static bool IsId(RoutePatternParameterPart parameter) => parameter.ParameterPolicies.Any(policy => policy.Content == "guid");

    private static IEnumerable<string> WordsOf(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.IsDefined(typeof(Microsoft.AspNetCore.Http.AsParametersAttribute)) ? type.GetConstructors()[0].GetParameters().SelectMany(WordsOf)
            : type.IsValueType && type != typeof(CancellationToken) || type == typeof(string) ? [parameter.Name!]
            : [];
    }

    private static IEnumerable<string> WordsInSources()
        => Sources("*.razor").Concat(Sources("*.cs")).SelectMany(source => QueryWord().Matches(source.Text)).Select(match => match.Groups["word"].Value);

    private static string ThisFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    [GeneratedRegex("""(?:\b_?[qQ]uery(?:\[|\.Filter<\w+>\(|\.Filtering\()|\bKey=|\bName=|string \w*Key = )"(?<word>[a-z]\w*)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex QueryWord();
}
