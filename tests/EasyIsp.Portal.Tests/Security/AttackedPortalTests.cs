using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using EasyIsp.Testing.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Portal.Tests.Security;

/// <summary>What strangers try at the portal: on every address of its route table, in every field that its pages bind, with every text of the database poisoned.</summary>
public sealed partial class AttackedPortalTests(PortalWorld portal, PostgresServer server) : IClassFixture<PortalWorld>
{
    private const string Script = "\"'><img id=xss src=x onerror=window.__xss=1>";
    private const string Nonsense = "zzqxjzz";
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2.5);

    private static readonly string[] Sql =
    [
        $"{Nonsense}' or '1'='1", $"{Nonsense}'; select pg_sleep(3) --", $"{Nonsense}'||(select pg_sleep(3)::text)||'", $"{Nonsense}' union select null --", $"{Nonsense}\\", $"{Nonsense}\0",
    ];

    /// <summary>Each place of an address that is a secret: whoever has it is meant, and another site does not know it.</summary>
    private static readonly string[] SecretPlaces = ["visit", "attemptKey", "accountKey", "addressKey", "key", "orderKey"];

    /// <summary>What takes a form without a secret in its address, and why.</summary>
    private static readonly Dictionary<string, string> WithoutSecret = new(StringComparer.Ordinal)
    {
        ["/h/{site}"] = "the router sends a browser here with what it says of the device; it begins a visit, and a visit by itself may nothing",
        ["/problem"] = "says what went wrong; writes nothing",
    };

    [Fact]
    public async Task Whatever_writes_is_guarded_by_an_unguessable_address_and_no_authority_lies_in_a_cookie()
    {
        foreach (var endpoint in Endpoints().Where(endpoint => Methods(endpoint).Any(method => method is not ("GET" or "HEAD"))))
        {
            var pattern = Pattern(endpoint);
            if (WithoutSecret.ContainsKey(pattern))
                continue;
            Assert.True(endpoint.RoutePattern.Parameters.Any(parameter => SecretPlaces.Contains(parameter.Name)), $"{pattern} takes a form, and its address has no secret.");
            using var client = portal.App.CreateClient();
            using var answer = await client.PostAsync(Address(endpoint, Guid.AllBitsSet, new string('A', 44)), new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);
            Assert.Equal((pattern, HttpStatusCode.NotFound), (pattern, answer.StatusCode));
        }
    }

    [Fact]
    public async Task The_cookies_of_the_portal_hold_a_language_and_a_number_and_scripts_cannot_read_them()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        using var client = portal.App.CreateClient();
        List<string> cookies = [];
        foreach (var path in new[] { $"{phone.Visit}?lang=sw", $"{phone.Visit}/receipt?lang=en" })
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            cookies.AddRange(answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : []);
        }

        using var bought = await client.PostAsync($"{phone.Visit}/buy/{portal.HourId}", new FormUrlEncodedContent([new("phone", "0712 000 777")]), TestContext.Current.CancellationToken);
        cookies.AddRange(bought.Headers.TryGetValues("Set-Cookie", out var more) ? more : []);
        Assert.All(cookies, cookie =>
        {
            Assert.Matches("^(lang|phone)=", cookie);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Nothing_of_another_visit_or_of_another_company_is_shown_or_changed()
    {
        var (mine, other) = (portal.NewPhone(), portal.NewPhone());
        await mine.ArriveAsync();
        await other.ArriveAsync();
        var begun = await other.BuyAsync(portal.HourId, "0712 000 601");
        var request = Guid.Parse(begun.Location!.Split('/')[^1]);
        var neighbour = await portal.World.FoundTenantAsync($"neighbour-{portal.NextNumber()}", "Neighbour");
        await using (var db = await portal.World.Services.GetRequiredService<PlatformDatabase>().OpenAsync(TestContext.Current.CancellationToken))
            await RowForEveryTable.WriteAsync(portal.World.Database.Admin, db.GetService<IDesignTimeModel>().Model, neighbour);
        var theirs = await SqlAsync<Guid[]>("select array[(select id from payment_requests where tenant_id = $1), (select id from packages where tenant_id = $1), (select id from receipt_claims where tenant_id = $1)]", neighbour);
        var foreign = theirs.Append(request).ToList();

        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.RoutePattern.Parameters.Any(IsId)))
        {
            foreach (var id in foreign)
            {
                foreach (var method in Methods(endpoint))
                {
                    var page = method == "POST"
                        ? await mine.PostAsync(Address(endpoint, id, mine.Visit.Split('/')[^1]), ("phone", "0712 000 602"))
                        : await mine.GetAsync(Address(endpoint, id, mine.Visit.Split('/')[^1]));
                    // A page that takes no form says so before it looks for anything.
                    Assert.True(page.Status == HttpStatusCode.NotFound || method == "POST" && page.Status == HttpStatusCode.MethodNotAllowed, $"{method} {Pattern(endpoint)}: {page.Status}");
                }
            }
        }

        // What a form names is looked for among the visit's own, too.
        var again = await mine.PostAsync($"{mine.Visit}/buy/{portal.HourId}", ("again", request.ToString()));
        Assert.Null(again.Location);
        Assert.DoesNotContain("712 000 601", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_word_of_an_address_and_no_field_becomes_sql_or_breaks_a_page()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        var visit = phone.Visit.Split('/')[^1];
        List<string> faults = [];
        foreach (var endpoint in Endpoints())
        {
            foreach (var attack in Sql.Append(Script))
            {
                // Each word by itself: one that cannot be read would hide the others.
                foreach (var word in Words)
                {
                    await TryAsync($"GET {Pattern(endpoint)}?{word}={attack}", () => phone.GetAsync($"{Address(endpoint, portal.HourId, visit)}?{word}={Uri.EscapeDataString(attack)}"));
                    if (Methods(endpoint).Contains("POST"))
                        await TryAsync($"POST {Pattern(endpoint)} {word}={attack}", () => phone.PostAsync(Address(endpoint, portal.HourId, visit), (word, attack)));
                }

                foreach (var parameter in endpoint.RoutePattern.Parameters.Where(parameter => !attack.Contains('\0', StringComparison.Ordinal)))
                    await TryAsync($"{Pattern(endpoint)} {parameter.Name}={attack}", () => phone.GetAsync(Address(endpoint, portal.HourId, visit, (parameter.Name, attack))));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));

        async Task TryAsync(string what, Func<Task<Page>> sendAsync)
        {
            portal.World.Clock.Advance(TimeSpan.FromMinutes(2));
            var began = Stopwatch.GetTimestamp();
            var page = await sendAsync();
            if ((int)page.Status >= 500 || Stopwatch.GetElapsedTime(began) > AtOnce)
                faults.Add($"{what}: {(int)page.Status} after {Stopwatch.GetElapsedTime(began)}");
            if (Injected().IsMatch(page.Html))
                faults.Add($"{what}: a part of the page now");
            if (page.Location is { } location && !IsOurs(location))
                faults.Add($"{what} leads to {location}");
        }
    }

    [Fact]
    public async Task No_text_of_the_database_becomes_a_part_of_a_page()
    {
        var own = new PortalWorld(server);
        await own.InitializeAsync();
        await using var given = own;
        var phone = own.NewPhone();
        await phone.ArriveAsync();
        var paid = await PayAsync(own, phone);
        await own.OpenSessionAsync(await own.World.ReadAsync(db => db.Customers.Select(c => c.Id).FirstAsync()), phone.Mac);
        var other = own.NewPhone();
        await other.ArriveAsync();
        var failed = (await other.BuyAsync(own.HourId, "0712 000 032")).Location!;
        Assert.Empty(await Poison.LongestAsync(own.World.Database.Admin, Poison.Scripts));

        HashSet<string> seen = [];
        foreach (var (visitor, path) in new[]
        {
            (phone, ""), (phone, "/voucher"), (phone, "/receipt"), (phone, $"/buy/{own.HourId}"), (phone, $"/buy/{own.DayId}"), (phone, "/online"), (phone, "/connect"),
            (other, ""), (other, "/connect"), (other, failed[other.Visit.Length..]), (phone, paid[phone.Visit.Length..]), (phone, $"/receipt/{await ClaimAsync(own, phone)}"),
        })
        {
            foreach (var language in new[] { "en", "sw" })
            {
                var page = await visitor.GetAsync($"{visitor.Visit}{path}?lang={language}");
                Assert.True((int)page.Status < 500, $"{path}: {page.Status}");
                Assert.False(Injected().IsMatch(page.Html), $"{path} shows what somebody wrote as a part of itself: {page.Html}");
                Assert.DoesNotMatch("(?i)(href|src|action)=\"\\s*(javascript|data|vbscript):", page.Html);
            }

            seen.Add(Regex.Replace($"/v/{{visit}}{path}", "[0-9a-f]{8}-[0-9a-f-]{27}", "ID", RegexOptions.None, TimeSpan.FromSeconds(1)));
        }

        // Every page of the route table was looked at.
        Assert.Empty(Endpoints().Select(Pattern).Where(pattern => pattern.StartsWith("/v/", StringComparison.Ordinal))
            .Select(pattern => Regex.Replace(pattern, @"\{\w+:guid\}", "ID", RegexOptions.None, TimeSpan.FromSeconds(1))).Except(seen));
    }

    [Theory]
    [InlineData("https://evil.example/login")]
    [InlineData("http://10.5.50.1@evil.example/login")]
    [InlineData("http://evil.example/10.5.50.1")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//evil.example/login")]
    [InlineData("http://10.5.50.1.evil.example/login")]
    [InlineData("http://hs.savanna.example.evil.example/login")]
    public async Task A_router_that_is_none_gets_neither_browser_nor_password(string link)
    {
        var phone = portal.NewPhone();

        var page = await phone.ArriveAsync(words: [("link-login-only", link), ("link-orig", "javascript:alert(1)")]);

        Assert.StartsWith("/v/", page.Location, StringComparison.Ordinal);
        foreach (var path in new[] { phone.Visit, $"{phone.Visit}/connect", $"{phone.Visit}/online" })
        {
            var shown = await phone.GetAsync(path);
            Assert.DoesNotContain("evil.example", shown.Html + shown.Location + shown.Policy, StringComparison.Ordinal);
            Assert.DoesNotContain("javascript:", shown.Html + shown.Location, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/theme/../appsettings.json")]
    [InlineData("/theme/..%2f..%2fappsettings.json")]
    [InlineData("/theme/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/theme/..%5c..%5cappsettings.json")]
    [InlineData("/theme/strings.en.json")]
    [InlineData("/theme/accent/..%2f..%2fappsettings.json.css")]
    [InlineData("/theme//etc/passwd")]
    public async Task No_address_leads_out_of_the_theme(string path)
    {
        var page = await portal.NewPhone().GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.DoesNotContain("ConnectionStrings", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("root:x:", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_a_customers_is_answered_as_one_that_is_nobodys()
    {
        var customer = portal.NewPhone();
        await customer.ArriveAsync();
        await customer.BuyAsync(portal.HourId, "0712 000 701");
        await portal.SettleAsync(await portal.SendPromptAsync(customer));
        List<(HttpStatusCode, string)> answers = [];

        foreach (var number in new[] { "0712 000 701", "0712 000 702" })
        {
            var stranger = portal.NewPhone();
            await stranger.ArriveAsync();
            var begun = await stranger.BuyAsync(portal.HourId, number);
            var page = await stranger.GetAsync(begun.Location!);
            answers.Add((page.Status, Masked().Replace(page.Text, "")));
        }

        Assert.Equal(answers[0], answers[1]);
    }

    /// <summary>What pages bind, and what the router's words are called: each is tried everywhere.</summary>
    private static IReadOnlyList<string> Words { get; } =
    [
        .. typeof(EasyIsp.Portal.Hosting.PortalOptions).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(PageModel)))
            .SelectMany(type => type.GetProperties())
            .Select(property => property.GetCustomAttribute<BindPropertyAttribute>() is { } bound ? bound.Name ?? property.Name : null).OfType<string>()
            .Concat(["mac", "ip", "link-login-only", "link-orig", "chap-id", "chap-challenge", "error", "lang", "handler"])
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>A package, a prompt and its payment.</summary>
    /// <returns>Where the purchase is followed.</returns>
    private static async Task<string> PayAsync(PortalWorld own, Phone phone)
    {
        var begun = await phone.BuyAsync(own.HourId, "0712 000 611");
        await own.SettleAsync(await own.SendPromptAsync(phone));
        return begun.Location!;
    }

    /// <summary>A question about a receipt, as the page asks it.</summary>
    private static Task<Guid> ClaimAsync(PortalWorld own, Phone phone) => own.World.WriteAsync(async db =>
    {
        var visit = await db.HotspotVisits.Where(v => v.MacAddress == phone.Mac).Select(v => v.Id).SingleAsync();
        var (id, now) = (Guid.CreateVersion7(own.World.Clock.GetUtcNow()), own.World.Clock.GetUtcNow());
        await db.Database.ExecuteSqlAsync($"""
            insert into receipt_claims (tenant_id, id, receipt, origin_id, by, state, asked_at)
            values ({own.World.TenantId}, {id}, '<s id=xss>', {visit}, '<s id=xss>', 'NotFound', {now})
            """);
        return id;
    });

    private List<RouteEndpoint> Endpoints() =>
    [
        .. portal.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !Pattern(endpoint).StartsWith("/health", StringComparison.Ordinal) && !Pattern(endpoint).StartsWith("/metrics", StringComparison.Ordinal)),
    ];

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    /// <summary>A page without a handler for forms still answers to them, as it does to GET.</summary>
    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];

    private static bool IsId(RoutePatternParameterPart parameter) => parameter.ParameterPolicies.Any(policy => policy.Content == "guid");

    private static string Address(RouteEndpoint endpoint, Guid id, string text, params (string Name, string Value)[] own)
    {
        var address = Pattern(endpoint);
        foreach (var parameter in endpoint.RoutePattern.Parameters)
        {
            var value = own.FirstOrDefault(one => one.Name == parameter.Name).Value is { } attack ? Uri.EscapeDataString(attack)
                : IsId(parameter) ? id.ToString()
                : parameter.Name == "site" ? PortalWorld.Site
                : text;
            address = Regex.Replace(address, $@"\{{{parameter.Name}(:[^}}]*)?\}}", _ => value, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        }

        return address;
    }

    /// <summary>The portal, or the login page of the visit's router.</summary>
    private static bool IsOurs(string location)
        => location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal) && !location.StartsWith("/\\", StringComparison.Ordinal)
            || location.StartsWith("http://10.5.50.1/", StringComparison.Ordinal);

    private async Task<T> SqlAsync<T>(string sql, Guid value)
    {
        await using var admin = new NpgsqlConnection(portal.World.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, admin) { Parameters = { new() { Value = value } } };
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    [GeneratedRegex("<(img|s) id=xss", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Injected();

    [GeneratedRegex(@"[•*…]+\s*\d+|\d{2,}", RegexOptions.None, 1000)]
    private static partial Regex Masked();
}
