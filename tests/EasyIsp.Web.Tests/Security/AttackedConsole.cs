using System.Net.Http.Headers;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Testing.Security;
using EasyIsp.Web.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>Tests that attack one console, one after another.</summary>
[CollectionDefinition]
public sealed class Attacked : ICollectionFixture<AttackedConsole>;

/// <summary>
/// A console with a company that has a past, in whose texts formulas stand, and a neighbour with a row in every table. All that the
/// neighbour has bears one id, so that whatever is asked for by it would be found if tenants were not kept apart.
/// </summary>
public sealed class AttackedConsole(PostgresServer server) : IAsyncLifetime
{
    /// <summary>The id of each row of the neighbour's.</summary>
    public static readonly Guid Theirs = Guid.Parse("0190aaaa-0000-7000-8000-00000000beef");

    /// <summary>As good an id, and nobody's.</summary>
    public static readonly Guid Nobodys = Guid.Parse("0190aaaa-0000-7000-8000-00000000dead");

    private IReadOnlyDictionary<string, string> _passwords = null!;
    private Guid _adminId;

    public ConsoleHost Host { get; private set; } = null!;
    public Guid TenantId { get; private set; }
    public Guid NeighbourId { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Host = await ConsoleHost.StartAsync(server, settings: ConsoleHost.WithoutLimits);
        Host.Browser().Dispose(); // the process starts with its first client
        _passwords = await DemonstrationData.SeedAsync(Host.Services.GetRequiredService<IConfiguration>(), TestContext.Current.CancellationToken);
        NeighbourId = await Host.FoundTenantAsync("neighbour");
        await using (var db = await Host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(TestContext.Current.CancellationToken))
        {
            TenantId = (await db.Tenants.SingleAsync(t => t.Slug == "savanna", TestContext.Current.CancellationToken)).Id;
            await SqlAsync("delete from roles where tenant_id = $1", NeighbourId); // one row in each table, that all can bear one id
            await RowForEveryTable.WriteAsync(Host.Database.Admin, db.GetService<IDesignTimeModel>().Model, NeighbourId);
        }

        await using (var staff = await Host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken))
            _adminId = (await staff.Users.SingleAsync(u => u.Email == DemonstrationData.AdminEmail, TestContext.Current.CancellationToken)).Id;
        await SqlAsync(OneIdForAll, NeighbourId, Theirs);
        await SqlAsync(OfEachKindOne, TenantId);
        await Poison.InTurnAsync(Host.Database.Admin, Poison.Formulas);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Signed in as the company's admin, or as the operator of the platform who has entered the company as support.</summary>
    public async Task<HttpClient> BrowserAsync(string email = DemonstrationData.AdminEmail)
    {
        var browser = Host.Browser();
        Assert.True((await browser.SignInAsync(email, _passwords[email])).IsRedirect());
        return browser;
    }

    public string PasswordOf(string email) => _passwords[email];

    /// <summary>The answer to the sign-in itself.</summary>
    public Task<HttpResponseMessage> SignInAsync(HttpClient browser, string email = DemonstrationData.AdminEmail) => browser.SignInAsync(email, _passwords[email]);

    /// <summary>A program that may all that the API offers.</summary>
    public async Task<HttpClient> ProgramAsync()
    {
        var made = Assert.IsType<ApiTokenOutcome.Made>(await AsAdminAsync<ApiTokenDesk, ApiTokenOutcome>(
            desk => desk.MakeAsync(new ApiTokenDraft("Everything", [.. ApiPermissions.Used], ExpiresAt: null), CancellationToken.None)));
        var program = Host.Browser();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.Text);
        return program;
    }

    public async Task<T> AsAdminAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = Host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(TenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(_adminId, "Admin", null);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Of some row of the company's own.</summary>
    public async Task<Guid> OwnAsync(string table, string where = "true")
        => (Guid)(await SqlAsync($"select id from {table} where tenant_id = $1 and {where} order by id limit 1", TenantId)
            ?? throw new InvalidOperationException($"The company has no row in {table} with {where}."));

    /// <summary>What a tenant has, as one figure that changes with each bit of it.</summary>
    public async Task<string> StateOfAsync(Guid tenantId) => (string)(await SqlAsync(State(tenantId)))!;

    /// <summary>The tables in which this word or figure stands anywhere.</summary>
    public async Task<string> WhereAsync(string word) => (string)(await SqlAsync(Anywhere(word)))!;

    /// <summary>As the server's superuser.</summary>
    public async Task<object?> SqlAsync(string sql, params object[] values)
    {
        await using var admin = new NpgsqlConnection(Host.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using (var unguarded = new NpgsqlCommand("set session_replication_role = replica", admin))
            await unguarded.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // Values that a statement without parameters carries itself: several in one text cannot have them.
        await using var command = new NpgsqlCommand(values.Select((value, i) => (value, i)).Aggregate(
            sql, (text, value) => text.Replace($"${value.i + 1}", $"'{value.value}'", StringComparison.Ordinal)), admin);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What the demonstration has none of.</summary>
    private const string OfEachKindOne = """
        insert into refunds (tenant_id, id, payment_id, amount, way, reason, state, asked_at, asked_by)
        select tenant_id, id, id, 1, 'Wallet', 'A mistake', 'Done', now(), 'Amina' from payments where tenant_id = $1 order by id limit 6;
        insert into money_sms (tenant_id, id, source, sender, digest, received_at, deliveries, processed_at, outcome, kind, text)
        select tenant_id, id, 'Pasted', 'MPESA', decode(md5(id::text), 'hex'), now(), 1, now(), 'Hint', 'PersonReceived', 'Paid' from payments where tenant_id = $1 order by id limit 6
        """;

    private const string TenantTables = """
        select c.oid::regclass::text as name, c.oid from pg_class c
        where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
        """;

    /// <summary>Ids and references, as far as they are given.</summary>
    private const string OneIdForAll = $"""
        do $do$ declare found record; begin
          for found in select t.name, a.attname from ({TenantTables}) t join pg_attribute a on a.attrelid = t.oid
            and a.atttypid = 'uuid'::regtype and a.attnum > 0 and a.attname <> 'tenant_id' and a.attgenerated = '' loop
            execute format('update %s set %I = %L where tenant_id = %L and %2$I is not null', found.name, found.attname, $2, $1);
          end loop;
        end $do$
        """;

    private static string State(Guid tenantId) => $"""
        select string_agg(name || ' ' || (xpath('//s/text()', query_to_xml(
          format('select coalesce(md5(string_agg(t::text, '''' order by t::text)), '''') s from %s t where tenant_id = %L', name, '{tenantId}'),
          true, true, '')))[1]::text, e'\n' order by name)
        from ({TenantTables}) tables
        """;

    private static string Anywhere(string word) => $"""
        select coalesce(string_agg(name, ', '), '') from ({TenantTables} union all select c.oid::regclass::text, c.oid from pg_class c
          where c.relkind = 'r' and c.relnamespace = 'staff'::regnamespace union all select 'tenants', 'tenants'::regclass) tables
        where (xpath('//n/text()', query_to_xml(format('select count(*) n from %s t where t::text like %L', name, '%{word}%'), true, true, '')))[1]::text <> '0'
        """;
}
