using System.Security.Cryptography;
using EasyIsp.Core;
using EasyIsp.Core.Payments.Reconciliation.Daily;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Core.Secrets;
using Npgsql;

namespace EasyIsp.Web.Commands;

/// <summary>
/// <c>prepare</c>: makes an installation out of a PostgreSQL server, or brings one up to date. Needs
/// <c>ConnectionStrings:Admin</c> (a role that may create roles and databases) and <c>Prepare:SecretsPath</c> (a directory
/// for connections.env and the key ring's certificate). May be repeated: passwords and certificate stay what they are.
/// </summary>
internal static class PrepareCommand
{
    private const string DefaultDatabase = "easyisp";

    /// <returns>0; 78 when a setting is missing or the server does not fit; 69 when it cannot be reached.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (configuration.GetConnectionString("Admin") is not { } admin || configuration["Prepare:SecretsPath"] is not { } secretsPath)
        {
            await error.WriteLineAsync("Set ConnectionStrings__Admin and Prepare__SecretsPath.");
            return 78;
        }

        try
        {
            var connections = await PrepareAsync(admin, configuration["Prepare:Database"] ?? DefaultDatabase, secretsPath, cancellationToken);
            await output.WriteLineAsync($"The database is ready. Connections: {connections.Path}");
            return 0;
        }
        catch (NotSupportedException tooOld)
        {
            await error.WriteLineAsync(tooOld.Message);
            return 78;
        }
        catch (NpgsqlException exception)
        {
            await error.WriteLineAsync($"PostgreSQL refused: {exception.Message}");
            return 69;
        }
    }

    private static async Task<ConnectionsFile> PrepareAsync(
        string admin, string database, string secretsPath, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(secretsPath);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(secretsPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // The passwords are on disk before the server has them: a crash in between loses nothing.
        var connections = ConnectionsFile.LoadOrDraft(Path.Combine(secretsPath, "connections.env"), admin, database);
        connections.KeyRing = KeyRingCertificate.Ensure(Path.Combine(secretsPath, "keyring.pfx"), connections.KeyRing);
        connections.Save();

        await using (var adminSource = NpgsqlDataSource.Create(admin))
            await DatabaseProvisioning.EnsureRolesAsync(adminSource, connections.Passwords, cancellationToken);
        await DatabaseProvisioning.EnsureDatabaseAsync(admin, database, cancellationToken);
        await using (var owner = NpgsqlDataSource.Create(connections["Owner"]))
            await DatabaseProvisioning.MigrateAsync(owner, cancellationToken);

        await using var services = Services(connections);
        await services.GetRequiredService<BlindIndex>().EnsureKeyAsync(cancellationToken);
        await services.GetRequiredService<ReportSigning>().EnsureKeyAsync(cancellationToken);
        await services.GetRequiredService<CertificateAuthority>().EnsureAsync(cancellationToken);
        return connections;
    }

    /// <summary>As much of the product as makes keys.</summary>
    private static ServiceProvider Services(ConnectionsFile connections)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(connections.Settings).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddCore(configuration)
            .AddSecrets(configuration, makesKeys: true)
            .BuildServiceProvider();
    }

    internal static string RandomPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
