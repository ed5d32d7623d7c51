using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Web and Portal, each with its own memory, on one database: a new token kills the one before (mpesa.md, 2).</summary>
public sealed class SharedTokensTests(PostgresServer server) : IAsyncLifetime
{
    private readonly DarajaEmulatorOptions _options = new();
    private World _world = null!;
    private EmulatorServer _emulators = null!;
    private ServiceProvider _web = null!;
    private ServiceProvider _portal = null!;
    private DarajaCredentials _credentials = null!;

    private DarajaEmulator Emulator => _emulators.Services.GetRequiredService<DarajaEmulator>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _options.Merchants.Add(new DarajaMerchant
        {
            ConsumerKey = "key-of-demo", ConsumerSecret = "secret-of-demo", ShortCode = "600111", Passkey = "demo-passkey-not-real",
        });
        _emulators = await EmulatorServer.StartAsync(
            services => services.AddDarajaEmulator(_options), app => app.MapDarajaEmulator(), Cancelled, _world.Clock);
        (_web, _portal) = (Process(), Process());
        _credentials = new DarajaCredentials
        {
            BaseUrl = new Uri(_emulators.Address, "/daraja"),
            ConsumerKey = "key-of-demo", ConsumerSecret = "secret-of-demo", ShortCode = "600111", Passkey = "demo-passkey-not-real",
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _portal.DisposeAsync();
        await _emulators.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Processes_that_need_a_token_at_once_fetch_one_and_all_calls_go_through()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => QueryAsync(number % 2 == 0 ? _web : _portal)));

        Assert.Equal(1, Emulator.Tokens.Issued);
        Assert.All(results, WasAnswered);
    }

    [Fact]
    public async Task A_token_that_somebody_else_killed_is_replaced_once_for_all()
    {
        await QueryAsync(_web);
        await QueryAsync(_portal);
        Emulator.Tokens.KillAll();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => QueryAsync(number % 2 == 0 ? _web : _portal)));

        Assert.Equal(2, Emulator.Tokens.Issued);
        Assert.All(results, WasAnswered);
    }

    [Fact]
    public async Task A_token_is_renewed_five_minutes_before_its_end_by_one_of_them()
    {
        await QueryAsync(_web);
        _world.Clock.Advance(TimeSpan.FromSeconds(3298));
        await QueryAsync(_portal);
        Assert.Equal(1, Emulator.Tokens.Issued);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(QueryAsync(_web), QueryAsync(_portal));
        Assert.Equal(2, Emulator.Tokens.Issued);
    }

    [Fact]
    public async Task Only_the_token_that_was_refused_is_dropped()
    {
        var store = _web.GetRequiredService<ITokenStore>();
        var old = new AccessToken("old", DateTimeOffset.MaxValue);
        var fresh = new AccessToken("new", _world.Clock.GetUtcNow().AddHours(1));

        await store.GetAsync("a", () => Task.FromResult(old), Cancelled);
        await store.DropAsync("a", old, Cancelled);
        await store.GetAsync("a", () => Task.FromResult(fresh), Cancelled);
        await _portal.GetRequiredService<ITokenStore>().DropAsync("a", old, Cancelled);

        Assert.Equal(fresh, await _portal.GetRequiredService<ITokenStore>().GetAsync("a", NeverAsync, Cancelled));
    }

    [Fact]
    public async Task Who_dies_while_he_asks_leaves_the_next_to_ask()
    {
        var asked = new TaskCompletionSource();
        var never = new TaskCompletionSource<AccessToken>();
        var dead = _web.GetRequiredService<ITokenStore>().GetAsync("a", () => Hang(asked, never.Task), Cancelled);
        await asked.Task;
        var token = new AccessToken("t", _world.Clock.GetUtcNow().AddHours(1));
        var next = _portal.GetRequiredService<ITokenStore>().GetAsync("a", () => Task.FromResult(token), Cancelled);

        await KillHolderAsync();

        Assert.Equal(token, await next);
        never.SetResult(new AccessToken("too late", DateTimeOffset.MaxValue));
        await Assert.ThrowsAsync<DarajaTokenException>(() => dead);
    }

    [Fact]
    public async Task What_lies_in_the_database_tells_nobody_the_token()
    {
        await QueryAsync(_web);

        await using var db = await _world.Services.GetRequiredService<PlatformDatabase>().OpenAsync(Cancelled);
        var row = await db.SharedTokens.SingleAsync(Cancelled);
        Assert.Equal(64, row.Key.Length);
        Assert.DoesNotContain("key-of-demo", System.Text.Encoding.UTF8.GetString(row.Value.Protected));
        await Assert.ThrowsAnyAsync<Exception>(() => _world.ReadAsync(tenant => tenant.SharedTokens.CountAsync(Cancelled)));
    }

    private static Task<AccessToken> Hang(TaskCompletionSource asked, Task<AccessToken> never)
    {
        asked.SetResult();
        return never;
    }

    private static Task<AccessToken> NeverAsync() => throw new InvalidOperationException("There is a token.");

    private static void WasAnswered(StkQueryResult result)
        => Assert.Contains("does not Exist", Assert.IsType<StkQueryResult.NoAnswer>(result).Reason);

    private Task<StkQueryResult> QueryAsync(IServiceProvider process)
        => process.GetRequiredService<IDarajaClient>().QueryAsync(_credentials, "ws_CO_1", Cancelled);

    private async Task KillHolderAsync()
    {
        await using var connection = new NpgsqlConnection(_world.Database.Admin);
        await connection.OpenAsync(Cancelled);
        await using var kill = new NpgsqlCommand(
            "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())",
            connection);
        Assert.Equal(1L, await kill.ExecuteScalarAsync(Cancelled));
    }

    private ServiceProvider Process() => _world.AddTo(new ServiceCollection()).BuildServiceProvider();
}
