using System.Net.Http.Headers;
using System.Text.Json;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Web.Tests.Api;

/// <summary>A company whose software calls the API: somebody who makes tokens, a router, and sessions as the RADIUS worker writes them.</summary>
public sealed class ApiShop : IAsyncDisposable
{
    private readonly bool _ownsHost;
    private StaffUser _admin = null!;

    private ApiShop(ConsoleHost host, bool ownsHost) => (Host, _ownsHost) = (host, ownsHost);

    public ConsoleHost Host { get; }
    public Guid TenantId { get; private set; }
    public Guid RouterId { get; private set; }

    public static async Task<ApiShop> OpenAsync(PostgresServer server) => await OpenAsync(await ConsoleHost.StartAsync(server), "savanna", ownsHost: true);

    /// <summary>Another company on the same installation.</summary>
    public Task<ApiShop> NeighbourAsync() => OpenAsync(Host, "delta", ownsHost: false);

    public async Task<string> TokenAsync(params Permission[] permissions)
        => ((ApiTokenOutcome.Made)await AsTenantAsync<ApiTokenDesk, ApiTokenOutcome>(
            desk => desk.MakeAsync(new ApiTokenDraft("Monitoring", permissions, ExpiresAt: null), CancellationToken.None))).Text;

    public async Task<HttpClient> ClientAsync(params Permission[] permissions) => Client(await TokenAsync(permissions));

    public HttpClient Client(string token)
    {
        var client = Host.Browser();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public Task<Guid> CustomerAsync(string name) => AsTenantAsync<CustomerDesk, Guid>(async desk => ((RegisterOutcome.Registered)await desk.RegisterAsync(
        new CustomerDraft(AccessType.Pppoe, name, Username: $"home.{name.ToLowerInvariant()}"), CancellationToken.None)).CustomerId);

    public async Task<Guid> GoOnlineAsync(string userName = "home.grace", Guid? customer = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await WriteAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, user_name, nas_session_id, started_at, last_heard_at,
              uploaded_bytes, downloaded_bytes, session_seconds)
            values ({TenantId}, {id}, {RouterId}, {customer}, {userName}, {id.ToString()}, {now}, {now}, 10, 20, 1)
            """);
        return id;
    }

    public Task GoOfflineAsync(Guid session) => WriteAsync($"""
        with ended as (delete from open_sessions where id = {session} returning *)
        insert into sessions (tenant_id, id, router_id, customer_id, user_name, nas_session_id, started_at, last_heard_at,
          uploaded_bytes, downloaded_bytes, session_seconds, ended_at, terminate_cause)
        select tenant_id, id, router_id, customer_id, user_name, nas_session_id, started_at, last_heard_at,
          uploaded_bytes, downloaded_bytes, session_seconds, last_heard_at, 1 from ended
        """);

    public async Task<Guid> BeRefusedAsync(string userName)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await WriteAsync($"""
            insert into login_attempts (tenant_id, id, router_id, user_name, method, refusal, is_limited, at, last_at, times, took, left_out)
            values ({TenantId}, {id}, {RouterId}, {userName}, 'Pap', 'WrongPassword', false, {now}, {now}, 1, {TimeSpan.FromMilliseconds(1)}, 0)
            """);
        return id;
    }

    public Task<bool> RevokeAllAsync() => AsTenantAsync<ApiTokenDesk, bool>(async desk =>
    {
        foreach (var token in await desk.ListAsync(CancellationToken.None))
            await desk.RevokeAsync(token.Id, CancellationToken.None);
        return true;
    });

    public Task WriteAsync(FormattableString sql) => AsTenantAsync<IspDatabase, int>(async database =>
    {
        await using var db = await database.OpenAsync(CancellationToken.None);
        var rows = await db.Database.ExecuteSqlAsync(sql);
        await db.CommitAsync(CancellationToken.None);
        return rows;
    });

    public async Task<T> AsTenantAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = Host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(TenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(_admin.Id, _admin.DisplayName, null);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_ownsHost)
            await Host.DisposeAsync();
    }

    private static async Task<ApiShop> OpenAsync(ConsoleHost host, string slug, bool ownsHost)
    {
        host.Browser().Dispose(); // the process starts with its first client
        var shop = new ApiShop(host, ownsHost) { TenantId = await host.FoundTenantAsync(slug) };
        shop._admin = await host.HireAsync($"admin@{slug}.example", StandardRoles.Admin, shop.TenantId);
        shop.RouterId = ((RouterOutcome.Saved)await shop.AsTenantAsync<RouterDesk, RouterOutcome>(
            desk => desk.AddAsync(new RouterDraft("Town mast", "10.255.0.2"), CancellationToken.None))).RouterId;
        return shop;
    }
}

internal static class ApiAnswers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
        => JsonDocument.Parse(await answer.TextAsync()).RootElement;

    public static async Task<JsonElement> JsonAsync(this HttpClient client, string path)
        => JsonDocument.Parse(await client.ReadAsync(path)).RootElement;

    public static string? TextOf(this JsonElement thing, string name) => thing.GetProperty(name).GetString();

    public static IReadOnlyList<Guid> Ids(this JsonElement page)
        => [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
}
