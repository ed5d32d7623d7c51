using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Web.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Access;

/// <summary>Every page and endpoint, from the route table, with everybody who may knock, through the running host.</summary>
public sealed partial class PermissionTableTests(PostgresServer server)
{
    private const string Renew = "EASYISP_RENEW_DOCS";

    [Fact]
    public async Task Whatever_asks_for_no_permission_is_on_the_list_of_what_need_not()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        var doors = AccessTable.Of(host);
        Assert.True(doors.Count > 100, "The route table is not read any more.");

        Assert.Equal(OpenDoors.ToAll.Keys.Order(StringComparer.Ordinal), NamesOf(doors.Where(door => door.AsksNothing)));
        Assert.Equal(OpenDoors.ToTheSignedIn.Keys.Order(StringComparer.Ordinal), NamesOf(doors.Where(door => door.AsksASignInAlone)));
    }

    [Fact]
    public async Task The_document_is_what_the_code_says()
    {
        await using var host = await ConsoleHost.StartAsync(server);
        var document = PermissionsDocument.Of(AccessTable.Of(host));
        if (Environment.GetEnvironmentVariable(Renew) is { Length: > 0 })
            await File.WriteAllTextAsync(PermissionsDocument.File, document, TestContext.Current.CancellationToken);

        var written = File.Exists(PermissionsDocument.File) ? await File.ReadAllTextAsync(PermissionsDocument.File, TestContext.Current.CancellationToken) : "";
        Assert.True(document == written, "docs/permissions.md is not what the code says. ./easyisp docs writes it anew; look at what changed.");
    }

    [Fact]
    public async Task Everybody_is_let_in_where_the_table_says_and_nowhere_else()
    {
        await using var host = await ConsoleHost.StartAsync(server, settings: ConsoleHost.WithoutLimits);
        var tenantId = await host.FoundTenantAsync("savanna");
        var doors = AccessTable.Of(host);
        var wrong = new List<string>();

        foreach (var visitor in Visitor.All)
        {
            var account = await AccountAsync(host, visitor, tenantId);
            using var browser = host.Browser();
            if (account is not null)
                await browser.SignInAsync(account.Email!);
            if (visitor.Name == Visitor.NoRole)
                await LoseThePlaceAsync(host);
            using var program = await ProgramAsync(host, tenantId, account, visitor);
            // What signs somebody out is asked last, lest it does.
            foreach (var door in doors.OrderBy(door => door.Method == "POST"))
            {
                var isAllowed = await IsAllowedAsync(door.Kind == DoorKind.Api ? program : browser, door);
                if (isAllowed != door.Admits(visitor))
                    wrong.Add($"{visitor.Name}: {door.Method} {door.Route} asks for {door.Asks}, and was {(isAllowed ? "opened" : "refused")}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_permission_is_defined_once_and_asked_for_somewhere()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(PermissionsDocument.File)!, "..", "EasyIsp.Web"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && Path.GetFileName(file) != $"{nameof(ApiPermissions)}.cs" && !file.Contains("/obj/", StringComparison.Ordinal));
        var asked = sources.SelectMany(file => PermissionName().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).ToHashSet();

        Assert.Equal(Enum.GetNames<Permission>(), PermissionCatalogue.All.Select(definition => definition.Permission).Order().Select(permission => permission.ToString()));
        Assert.Empty(Enum.GetNames<Permission>().Except(asked));
    }

    private static IEnumerable<string> NamesOf(IEnumerable<Door> doors) => doors.Select(door => $"{door.Method} {door.Route}").Order(StringComparer.Ordinal);

    private static async Task<bool> IsAllowedAsync(HttpClient client, Door door)
    {
        using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Address);
        if (door is { Kind: DoorKind.Endpoint, Method: "POST" })
            request.Content = new FormUrlEncodedContent([]);
        // The events' stream never ends by itself.
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is not HttpStatusCode.TooManyRequests, $"{door.Method} {door.Route} was asked too often.");
        if (door.Route == "/account/denied")
            return answer.StatusCode == HttpStatusCode.Forbidden || answer.LocationPath() == "/account/tenant"; // what it says to whoever is signed in, and to whom is nowhere
        return answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            && !(answer.IsRedirect() && (answer.LocationPath()!.StartsWith("/account/denied", StringComparison.Ordinal) || answer.LocationPath()!.StartsWith("/account/sign-in?returnUrl", StringComparison.Ordinal)));
    }

    private static async Task<StaffUser?> AccountAsync(ConsoleHost host, Visitor visitor, Guid tenantId)
    {
        if (!visitor.IsSignedIn)
            return null;

        var email = $"{visitor.Name.Replace(' ', '.')}@example.com";
        return visitor.IsSuperAdmin ? await host.RegisterAsync(email, isSuperAdmin: true)
            : await host.HireAsync(email, visitor.Permissions is null ? StandardRoles.Admin : visitor.Name, tenantId);
    }

    /// <summary>Nobody signs in who works nowhere: he worked here until a moment ago.</summary>
    private static async Task LoseThePlaceAsync(ConsoleHost host)
    {
        await using var db = await host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        await db.Memberships.IgnoreQueryFilters([QueryFilters.Tenant])
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.EndedAt, TimeProvider.System.GetUtcNow()), TestContext.Current.CancellationToken);
        await db.CommitAsync(CancellationToken.None);
    }

    private static async Task<HttpClient> ProgramAsync(ConsoleHost host, Guid tenantId, StaffUser? account, Visitor visitor)
    {
        var program = host.Browser();
        if (visitor.Permissions is not { } permissions)
            return program;

        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(account!.Id, account.DisplayName, null);
        var made = Assert.IsType<ApiTokenOutcome.Made>(await scope.ServiceProvider.GetRequiredService<ApiTokenDesk>()
            .MakeAsync(new ApiTokenDraft(visitor.Name, permissions, ExpiresAt: null), CancellationToken.None));
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text);
        return program;
    }

    [GeneratedRegex(@"\bPermission\.(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PermissionName();
}
