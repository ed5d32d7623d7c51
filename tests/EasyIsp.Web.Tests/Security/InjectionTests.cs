using System.Diagnostics;
using System.Text.RegularExpressions;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>SQL in each word of each address that lists anything: it is text that is looked for, and nothing else.</summary>
[Collection<Attacked>]
public sealed partial class InjectionTests(AttackedConsole console)
{
    /// <summary>What nothing holds: what an attack shows must be what this shows.</summary>
    private const string Nonsense = "zzqxjzz";

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2.5);

    /// <summary>Closing the text, joining other rows, waiting, and the signs that databases choke on.</summary>
    private static readonly string[] Attacks =
    [
        $"{Nonsense}' or '1'='1",
        $"{Nonsense}') or 1=1 --",
        $"{Nonsense}' union select null,null,null --",
        $"{Nonsense}'; select pg_sleep(3) --",
        $"{Nonsense}'||(select pg_sleep(3)::text)||'",
        $"{Nonsense}%' or name like '%",
        $"{Nonsense}\\",
        $"{Nonsense}\0",
        $"{Nonsense}{{0}}$1:p",
    ];

    private static readonly string[] LiveAttacks = [$"{Nonsense}' or pg_sleep(3) is null or '1'='1", $"{Nonsense}\0\\"];

    /// <summary>What answers to a question with rows: the API's lists, and files.</summary>
    public static IEnumerable<RouteEndpoint> Lists(ConsoleHost host) => Surface.EndpointsOf(host).Where(endpoint =>
        endpoint.Methods().Contains("GET") && (endpoint.IsOfApi() && !endpoint.Pattern().EndsWith("/events", StringComparison.Ordinal)
            || endpoint.Pattern().EndsWith(".csv", StringComparison.Ordinal)));

    [Fact]
    public async Task No_word_of_an_address_of_the_api_or_of_a_file_becomes_sql()
    {
        using var program = await console.ProgramAsync();
        using var browser = await console.BrowserAsync();
        List<string> faults = [];
        var asked = 0;

        foreach (var endpoint in Lists(console.Host))
        {
            var client = endpoint.IsOfApi() ? program : browser;
            foreach (var word in Surface.QueryWordsOf(endpoint))
            {
                var plain = await AskAsync(client, endpoint, word, Nonsense);
                foreach (var attack in Attacks)
                {
                    var answer = await AskAsync(client, endpoint, word, attack);
                    asked++;
                    // What cannot be in a text is refused before it is looked for.
                    if (attack.Contains('\0', StringComparison.Ordinal) ? answer.Status is not (400 or 404) : answer.Took > AtOnce || answer.Status != plain.Status || answer.Rows != plain.Rows)
                        faults.Add($"{endpoint.Pattern()}?{word}={attack}: {answer} instead of {plain}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        Assert.InRange(asked, 300, int.MaxValue);
    }

    [Fact]
    public async Task No_text_in_the_path_of_an_address_becomes_sql()
    {
        using var browser = await console.BrowserAsync();
        using var program = await console.ProgramAsync();
        List<string> faults = [];

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.Methods().Contains("GET") && !endpoint.IsFile() && endpoint.RoutePattern.Parameters.Count > 0))
        {
            foreach (var attack in Attacks.Where(attack => !attack.Contains('\0', StringComparison.Ordinal)))
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await (endpoint.IsOfApi() ? program : browser).OpenAsync(endpoint.Address(AttackedConsole.Nobodys, Uri.EscapeDataString(attack)));
                if ((int)answer.StatusCode >= 500 || Stopwatch.GetElapsedTime(began) > AtOnce)
                    faults.Add($"{endpoint.Pattern()} with {attack}: {(int)answer.StatusCode}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
    }

    [Fact]
    public async Task No_word_of_an_address_of_a_live_page_becomes_sql()
    {
        List<string> faults = [];
        foreach (var address in Surface.LivePages.SelectMany(LivePages.AddressesOf))
        {
            var ofPlatform = address.StartsWith("/platform", StringComparison.Ordinal);
            var id = address.Contains(":guid", StringComparison.Ordinal) ? AttackedConsole.Nobodys : Guid.Empty;
            await using var pages = await LivePages.OpenAsync(console, ofPlatform);
            // All words at once; then what is searched for alone, for the others might keep rows from being looked for.
            foreach (var words in new[] { Surface.QueryWords, ["q"] })
            {
                var plain = await pages.ShowAsync(address, id, Query(words, Nonsense));
                foreach (var attack in LiveAttacks)
                {
                    var began = Stopwatch.GetTimestamp();
                    var shown = await pages.ShowAsync(address, id, Query(words, attack));
                    if (RowsIn(shown) != RowsIn(plain) || Stopwatch.GetElapsedTime(began) > AtOnce)
                        faults.Add($"{address}?{string.Join('+', words)}={attack}: {RowsIn(shown)} rows instead of {RowsIn(plain)}, in {Stopwatch.GetElapsedTime(began)}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
    }

    [Fact]
    public async Task A_search_takes_the_signs_of_patterns_for_what_they_are()
    {
        using var program = await console.ProgramAsync();

        foreach (var endpoint in Lists(console.Host).Where(endpoint => Surface.QueryWordsOf(endpoint).Contains("search")))
        {
            foreach (var sign in new[] { "%", "_", "%%", "a%a", "a_a" })
            {
                var found = await AskAsync(program, endpoint, "search", sign);
                var plain = await AskAsync(program, endpoint, "search", sign.Replace('%', '#').Replace('_', '#'));
                Assert.Equal((endpoint.Pattern(), sign, plain.Rows), (endpoint.Pattern(), sign, found.Rows));
            }
        }
    }

    [Fact]
    public async Task A_form_keeps_sql_as_text()
    {
        using var browser = console.Host.Browser();
        foreach (var attack in Attacks)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await browser.SignInAsync($"{attack}@savanna.example", attack);
            Assert.Contains(attack.Contains('\0', StringComparison.Ordinal) ? "antiforgery" : "is not right", await answer.TextAsync(), StringComparison.Ordinal);
            Assert.True(Stopwatch.GetElapsedTime(began) < AtOnce, attack);
        }

        Assert.Equal(HttpStatusOk, (int)(await (await console.BrowserAsync(DemonstrationData.AdminEmail)).OpenAsync("/")).StatusCode);
    }

    /// <summary>Without what differs from answer to answer by itself.</summary>
    internal static string Steady(string text) => Unsteady().Replace(text, "");

    private const int HttpStatusOk = 200;

    private static string Query(IReadOnlyList<string> words, string value) => string.Join('&', words.Select(word => $"{word}={Uri.EscapeDataString(value)}"));

    private static int RowsIn(string markup) => Row().Count(markup);

    private static async Task<Answer> AskAsync(HttpClient client, RouteEndpoint endpoint, string word, string value)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await client.OpenAsync($"{endpoint.Address(AttackedConsole.Nobodys, "routers")}?{word}={Uri.EscapeDataString(value)}");
        var text = await answer.TextAsync();
        var rows = endpoint.IsOfApi() ? ApiRow().Count(text) : text.Count(sign => sign == '\n');
        return new Answer((int)answer.StatusCode, rows, Stopwatch.GetElapsedTime(began));
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"|(?:nonce|value|id|for|aria-\\w+|blazor:\\w+|name)=\"[^\"]*\"|mud\\w*-[0-9a-f-]{6,}|<!--.*?-->", RegexOptions.Singleline, 5000)]
    private static partial Regex Unsteady();

    [GeneratedRegex("<tr\\b|list-phone-row", RegexOptions.None, 5000)]
    private static partial Regex Row();

    [GeneratedRegex("\"id\":", RegexOptions.None, 5000)]
    private static partial Regex ApiRow();

    private sealed record Answer(int Status, int Rows, TimeSpan Took);
}
