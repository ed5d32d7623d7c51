using EasyIsp.Core.Packages;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>
/// Thousands of homes with a subscription each, numbered from 0: who a home is follows from its number. Streamed past
/// triggers, as a restore would.
/// </summary>
internal static class Town
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public static string UserNameOf(int home) => $"home{home}";

    public static string PasswordOf(int home) => $"pw{home * 7919L % 10_000_019:D8}";

    public static Login LoginOf(int home) => Login.Pppoe with { Mac = $"02:00:00:{home >> 16 & 255:X2}:{home >> 8 & 255:X2}:{home & 255:X2}" };

    public static async Task SettleAsync(World world, int homes)
    {
        var now = world.Clock.GetUtcNow();
        var package = Package.Create(world.TenantId, AccessType.Pppoe, Isp.Hour, now);
        await world.WriteAsync(db =>
        {
            db.Packages.Add(package);
            return Task.FromResult(0);
        });
        var codec = world.Services.GetRequiredService<SecretCodec>();
        var passwords = new byte[homes][];
        Parallel.For(0, homes, home => passwords[home] = codec.Protect(world.TenantId, PasswordOf(home)).Protected);
        var ids = Enumerable.Range(0, homes).Select(_ => Guid.CreateVersion7(now)).ToArray();

        await using var connection = new NpgsqlConnection(world.Database.Admin);
        await connection.OpenAsync(CancellationToken);
        await ExecuteAsync(connection, "set session_replication_role = replica");
        await CopyAsync(connection, "customers (tenant_id, id, number, access_type, name, username, password, created_at)", homes, async (rows, home) =>
        {
            await rows.WriteAsync(world.TenantId, NpgsqlDbType.Uuid, CancellationToken);
            await rows.WriteAsync(ids[home], NpgsqlDbType.Uuid, CancellationToken);
            await rows.WriteAsync(10_000L + home, NpgsqlDbType.Bigint, CancellationToken);
            await rows.WriteAsync(nameof(AccessType.Pppoe), NpgsqlDbType.Varchar, CancellationToken);
            await rows.WriteAsync($"Home {home}", NpgsqlDbType.Varchar, CancellationToken);
            await rows.WriteAsync(UserNameOf(home), NpgsqlDbType.Varchar, CancellationToken);
            await rows.WriteAsync(passwords[home], NpgsqlDbType.Bytea, CancellationToken);
            await rows.WriteAsync(now.AddDays(-2), NpgsqlDbType.TimestampTz, CancellationToken);
        });
        await CopyAsync(connection, "subscriptions (tenant_id, id, customer_id, package_id, starts_at, ends_at)", homes, async (rows, home) =>
        {
            await rows.WriteAsync(world.TenantId, NpgsqlDbType.Uuid, CancellationToken);
            await rows.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, CancellationToken);
            await rows.WriteAsync(ids[home], NpgsqlDbType.Uuid, CancellationToken);
            await rows.WriteAsync(package.Id, NpgsqlDbType.Uuid, CancellationToken);
            await rows.WriteAsync(now.AddDays(-1), NpgsqlDbType.TimestampTz, CancellationToken);
            await rows.WriteAsync(now.AddDays(29), NpgsqlDbType.TimestampTz, CancellationToken);
        });
        await ExecuteAsync(connection, "vacuum analyze customers, subscriptions, packages");
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, int count, Func<NpgsqlBinaryImporter, int, Task> write)
    {
        await using var rows = await connection.BeginBinaryImportAsync($"copy {table} from stdin (format binary)", CancellationToken);
        for (var row = 0; row < count; row++)
        {
            await rows.StartRowAsync(CancellationToken);
            await write(rows, row);
        }

        await rows.CompleteAsync(CancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken);
    }
}
