using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Testing.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>
/// Walks the whole model: of every table that belongs to a tenant, one row is written for each of two tenants, and then
/// each tries to reach the other's, by EF and by SQL. A new table without its policy fails here.
/// </summary>
public sealed class TenantIsolationTests(TenantIsolationTests.TwoTenants tenants) : IClassFixture<TenantIsolationTests.TwoTenants>
{
    private readonly World _world = tenants.World;
    private readonly Guid _other = tenants.Other;

    public static TheoryData<string> Tables => [.. GuardedTypes(Model()).Select(type => type.GetTableName()!).Distinct().Order()];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_tenant_sees_its_own_rows_alone(string table)
    {
        await using var app = await AppTransaction.BeginAsync(_world.Database.App, _world.TenantId);

        var rows = await app.ReadAsync($"select {TenantColumn(table)} from {table}");

        Assert.Equal([_world.TenantId], rows.Distinct());
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Without_a_tenant_there_are_no_rows(string table)
    {
        await using var connection = new NpgsqlConnection(_world.Database.App);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var setting in new[] { "select 1", "select set_config('app.tenant_id', '', false)" })
        {
            await using var set = new NpgsqlCommand(setting, connection);
            await set.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await using var count = new NpgsqlCommand($"select count(*) from {table}", connection);
            Assert.Equal(0L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_tenant_cannot_change_or_delete_anothers_row(string table)
    {
        var column = TenantColumn(table);
        foreach (var sql in new[]
        {
            $"update {table} set {column} = {column} where {column} = '{_other}'",
            $"delete from {table} where {column} = '{_other}'",
        })
        {
            await using var app = await AppTransaction.BeginAsync(_world.Database.App, _world.TenantId);
            Assert.Equal(0, await app.RowsTouchedAsync(sql));
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_tenant_cannot_plant_a_row_in_anothers_name(string table)
    {
        var column = TenantColumn(table);
        await using var admin = new NpgsqlConnection(_world.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        var columns = await RowForEveryTable.WritableColumnsAsync(admin, table);
        var values = columns.Select(name => name == column ? $"'{_other}'" : name);
        await using var app = await AppTransaction.BeginAsync(_world.Database.App, _world.TenantId);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => app.RowsTouchedAsync(
            $"insert into {table} ({string.Join(", ", columns)}) select {string.Join(", ", values)} from {table} limit 1"));

        // By the policy, or before it by the ledger's own guard.
        Assert.Contains(refusal.SqlState, new[] { PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.RestrictViolation });
    }

    [Fact]
    public async Task Ef_shows_no_foreign_row_even_where_code_ignores_the_filter()
    {
        foreach (var type in GuardedTypes(Model()).Where(type => type.ClrType.IsAssignableTo(typeof(TenantEntity))))
        {
            var count = typeof(TenantIsolationTests).GetMethod(nameof(ForeignRowsAsync))!.MakeGenericMethod(type.ClrType);
            Assert.Equal(0, await (Task<int>)count.Invoke(null, [_world])!);
        }
    }

    [Fact]
    public async Task Ef_refuses_to_write_a_row_of_another_tenant()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _world.WriteAsync(db =>
        {
            db.Packages.Add(Core.Packages.Package.Create(
                _other, Core.Shared.AccessType.Hotspot, new("Day", 50, TimeSpan.FromDays(1), 5000, 2000), _world.Clock.GetUtcNow()));
            return Task.FromResult(0);
        }));
    }

    [Fact]
    public void Every_key_of_a_tenants_table_begins_with_the_tenant_and_every_unique_index_holds_it()
    {
        var wrong =
            from type in Model().GetEntityTypes()
            where type.ClrType.IsAssignableTo(typeof(TenantEntity))
            from columns in type.GetKeys().Select(key => key.Properties.Take(1))
                .Concat(type.GetIndexes().Where(index => index.IsUnique).Select(index => index.Properties))
                .Concat(type.GetForeignKeys().Where(key => key.PrincipalEntityType.ClrType.IsAssignableTo(typeof(TenantEntity)))
                    .Select(key => key.Properties.Take(1)))
            where columns.All(column => column.Name != nameof(TenantEntity.TenantId))
            select $"{type.GetTableName()}: {string.Join(", ", columns.Select(column => column.Name))}";

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_table_that_the_app_role_may_read_is_guarded()
    {
        await using var admin = new NpgsqlConnection(_world.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using var open = new NpgsqlCommand("""
            select coalesce(string_agg(oid::regclass::text, ', '), '') from pg_class
            where relkind in ('r', 'p', 'v', 'm') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
              and has_table_privilege('easyisp_app', oid, 'select') and not relrowsecurity
              -- A view that asks as its caller is guarded by the tables that it asks.
              and not (relkind = 'v' and coalesce('security_invoker=true' = any (reloptions), false))
              and relname <> '__EFMigrationsHistory'
            """, admin);

        Assert.Equal("", await open.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_belongs_to_no_tenant_is_the_platforms_alone()
    {
        var tables = Model().GetEntityTypes()
            .Select(type => type.GetTableName())
            .OfType<string>()
            .Except(GuardedTypes(Model()).Select(type => type.GetTableName()!))
            .ToList();

        Assert.Contains("unknown_routers", tables);
        foreach (var table in tables)
        {
            foreach (var sql in new[] { $"select count(*) from {table}", $"delete from {table}" })
            {
                await using var connection = new NpgsqlConnection(_world.Database.App);
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                await using var command = new NpgsqlCommand(sql, connection);
                var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
            }
        }
    }

    [Fact]
    public async Task The_partitions_are_reached_through_their_parent_alone()
    {
        await using var app = await AppTransaction.BeginAsync(_world.Database.App, _world.TenantId);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => app.ReadAsync("select tenant_id from sessions_other"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    public static Task<int> ForeignRowsAsync<TEntity>(World world) where TEntity : TenantEntity
        => world.ReadAsync(db => db.Set<TEntity>()
            .IgnoreQueryFilters([QueryFilters.Tenant])
            .CountAsync(row => row.TenantId != world.TenantId));

    private static IEnumerable<IEntityType> GuardedTypes(IModel model)
        => model.GetEntityTypes().Where(type => !type.IsOwned() && (
            type.ClrType.IsAssignableTo(typeof(TenantEntity))
            || type.ClrType.IsAssignableTo(typeof(IRegistryEntry))
            || type.ClrType == typeof(Tenant)));

    private static string TenantColumn(string table) => table == "tenants" ? "id" : "tenant_id";

    private static IModel Model()
    {
        using var source = NpgsqlDataSource.Create("Host=localhost");
        using var db = new IspDbContext(IspDbOptions.Build(source), tenantId: null);
        return db.GetService<IDesignTimeModel>().Model;
    }

    /// <summary>Two tenants, each with a row in every table.</summary>
    public sealed class TwoTenants(PostgresServer server) : IAsyncLifetime
    {
        public World World { get; private set; } = null!;
        public Guid Other { get; private set; }

        public async ValueTask InitializeAsync()
        {
            World = await World.OpenAsync(server);
            Other = await World.FoundTenantAsync("mara", "Mara Wireless");
            await RowForEveryTable.WriteAsync(World.Database.Admin, Model(), World.TenantId, Other);
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }
}
