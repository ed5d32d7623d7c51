using EasyIsp.Benchmarks.Radius.Load;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Customer = EasyIsp.Benchmarks.Radius.Load.Customer;
using Router = EasyIsp.Core.Routers.Router;

namespace EasyIsp.Benchmarks.Radius;

/// <summary>
/// The run's customers in the product's database: each with a password, protected as the product does it, and a
/// subscription that is running. Streamed past triggers and foreign keys, as a restore would.
/// </summary>
internal static class EasyIspSeed
{
    public static async Task FillAsync(World world, int customers, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        world.Clock.SetUtcNow(now);
        var codec = world.Services.GetRequiredService<SecretCodec>();
        var package = Package.Create(
            world.TenantId,
            AccessType.Pppoe,
            new PackageTerms("Month", 2000, TimeSpan.FromDays(30), Customer.DownloadKbps, Customer.UploadKbps),
            now);
        await world.WriteAsync(db =>
        {
            db.Packages.Add(package);
            for (var router = 0; router < RadiusRun.Routers; router++)
            {
                db.Routers.Add(Router.Add(
                    world.TenantId, LoadProgram.NameOf(router), LoadProgram.AddressOf(router), codec.Protect(world.TenantId, Customer.RouterSecret), now));
            }

            return Task.FromResult(0);
        });

        var passwords = new byte[customers][];
        Parallel.For(0, customers, number => passwords[number] = codec.Protect(world.TenantId, Customer.PasswordOf(number)).Protected);
        var ids = Enumerable.Range(0, customers).Select(_ => Guid.CreateVersion7(now)).Order().ToArray();

        await using var connection = new NpgsqlConnection(world.Database.Admin);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, "set session_replication_role = replica", cancellationToken);
        await CopyCustomersAsync(connection, world.TenantId, ids, passwords, now, cancellationToken);
        await CopySubscriptionsAsync(connection, package, ids, now, cancellationToken);
        // Only what was filled: an empty table that was looked at counts as empty for ever in a plan that is kept.
        await ExecuteAsync(connection, "vacuum analyze customers, subscriptions, packages, routers", cancellationToken);
        await ExecuteAsync(connection, "checkpoint", cancellationToken);
    }

    private static async Task CopyCustomersAsync(
        NpgsqlConnection connection, Guid tenantId, Guid[] ids, byte[][] passwords, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "copy customers (tenant_id, id, number, access_type, name, username, password, created_at) from stdin (format binary)",
            cancellationToken);
        for (var number = 0; number < ids.Length; number++)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(tenantId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(ids[number], NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(10_000L + number, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(nameof(AccessType.Pppoe), NpgsqlDbType.Varchar, cancellationToken);
            await rows.WriteAsync($"Customer {number}", NpgsqlDbType.Varchar, cancellationToken);
            await rows.WriteAsync(Customer.UserNameOf(number), NpgsqlDbType.Varchar, cancellationToken);
            await rows.WriteAsync(passwords[number], NpgsqlDbType.Bytea, cancellationToken);
            await rows.WriteAsync(now.AddDays(-2), NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task CopySubscriptionsAsync(
        NpgsqlConnection connection, Package package, Guid[] ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var rows = await connection.BeginBinaryImportAsync(
            "copy subscriptions (tenant_id, id, customer_id, package_id, starts_at, ends_at) from stdin (format binary)", cancellationToken);
        foreach (var customer in ids)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(package.TenantId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(customer, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(package.Id, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(now.AddDays(-1), NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(now.AddDays(29), NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
