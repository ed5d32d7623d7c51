using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using EasyIsp.Web.Commands;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Xunit;

namespace EasyIsp.Web.Tests.Commands;

public sealed class PrepareCommandTests(PostgresServer server) : IAsyncLifetime
{
    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("easyisp-prepare-tests");
    private readonly string _database = $"prepared_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private TestDatabase _neighbour = null!;

    private string ConnectionsPath => Path.Combine(_secrets.FullName, "connections.env");

    /// <summary>Roles belong to the whole server, and the other tests are using them: their passwords are given beforehand.</summary>
    public async ValueTask InitializeAsync()
    {
        _neighbour = await server.CopyAsync();
        await File.WriteAllLinesAsync(ConnectionsPath,
        [
            $"ConnectionStrings__App={_neighbour.App}", $"ConnectionStrings__Platform={_neighbour.Platform}",
            $"ConnectionStrings__Jobs={_neighbour.Jobs}", $"ConnectionStrings__Owner={_neighbour.Owner}",
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var admin = NpgsqlDataSource.Create(_neighbour.Admin))
        await using (var drop = admin.CreateCommand($"drop database if exists {_database} with (force)"))
            await drop.ExecuteNonQueryAsync();
        await _neighbour.DisposeAsync();
        _secrets.Delete(recursive: true);
    }

    [Fact]
    public async Task A_fresh_server_becomes_an_installation_and_a_second_run_changes_nothing()
    {
        Assert.Equal(0, await RunAsync());
        var first = File.ReadAllText(ConnectionsPath);
        var certificate = File.ReadAllBytes(Path.Combine(_secrets.FullName, "keyring.pfx"));

        Assert.Equal(0, await RunAsync());

        Assert.Equal(first, File.ReadAllText(ConnectionsPath));
        Assert.Equal(certificate, File.ReadAllBytes(Path.Combine(_secrets.FullName, "keyring.pfx")));
        Assert.Contains($"Database={_database}", first);
        Assert.Contains("KeyRing__CertificatePassword=", first);
        await using var platform = NpgsqlDataSource.Create(ConnectionsFile.LoadOrDraft(ConnectionsPath, _neighbour.Admin, _database)["Platform"]);
        await using var keys = platform.CreateCommand("select count(*) from keyring.named_keys");
        Assert.Equal(3L, await keys.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Secrets_are_for_their_owners_eyes_alone()
    {
        Assert.Equal(0, await RunAsync());

        foreach (var name in new[] { "connections.env", "keyring.pfx" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_secrets.FullName, name)));
    }

    [Fact]
    public async Task Without_its_settings_it_says_which_are_missing()
    {
        using var error = new StringWriter();

        Assert.Equal(78, await PrepareCommand.RunAsync(new ConfigurationBuilder().Build(), TextWriter.Null, error, CancellationToken.None));
        Assert.Contains("ConnectionStrings__Admin", error.ToString());
    }

    [Fact]
    public void Passwords_are_drafted_at_random_where_none_are_known()
    {
        var one = ConnectionsFile.LoadOrDraft(Path.Combine(_secrets.FullName, "none.env"), _neighbour.Admin, _database).Passwords;
        var other = ConnectionsFile.LoadOrDraft(Path.Combine(_secrets.FullName, "none.env"), _neighbour.Admin, _database).Passwords;

        Assert.Equal(4, one.Values.Distinct().Count());
        Assert.All(one, role => Assert.NotEqual(role.Value, other[role.Key]));
        Assert.Contains(DatabaseRoles.App, one.Keys);
    }

    private Task<int> RunAsync() => PrepareCommand.RunAsync(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Admin"] = _neighbour.Admin,
            ["Prepare:SecretsPath"] = _secrets.FullName,
            ["Prepare:Database"] = _database,
        }).Build(),
        TextWriter.Null,
        TextWriter.Null,
        CancellationToken.None);
}
