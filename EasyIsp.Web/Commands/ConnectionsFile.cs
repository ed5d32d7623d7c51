using EasyIsp.Core.Persistence;
using Npgsql;

namespace EasyIsp.Web.Commands;

/// <summary>
/// connections.env: how each role of the product reaches the database, as environment variables, for its owner's eyes
/// alone. What it says about passwords and certificate is kept when it is written again.
/// </summary>
internal sealed class ConnectionsFile
{
    private static readonly (string Name, string Role)[] Roles =
    [
        ("App", DatabaseRoles.App), ("Platform", DatabaseRoles.Platform), ("Jobs", DatabaseRoles.Jobs), ("Owner", DatabaseRoles.Owner),
    ];

    /// <summary>Of each role in each process: Web has three, Portal and Radius two, 56 connections in all (docs/operations).</summary>
    private const int PoolSize = 8;

    private readonly Dictionary<string, string> _connections;

    private ConnectionsFile(string path, Dictionary<string, string> connections) => (Path, _connections) = (path, connections);

    public string Path { get; }
    public (string Path, string Password)? KeyRing { get; set; }

    public string this[string name] => _connections[name];

    public IReadOnlyDictionary<string, string> Passwords
        => Roles.ToDictionary(role => role.Role, role => new NpgsqlConnectionStringBuilder(_connections[role.Name]).Password!);

    /// <summary>The file as settings of the product.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings
        => Lines.Select(line => KeyValuePair.Create(line.Key.Replace("__", ":", StringComparison.Ordinal), (string?)line.Value));

    private IEnumerable<KeyValuePair<string, string>> Lines
    {
        get
        {
            foreach (var (name, _) in Roles)
                yield return KeyValuePair.Create($"ConnectionStrings__{name}", _connections[name]);
            if (KeyRing is { } keyRing)
            {
                yield return KeyValuePair.Create("KeyRing__CertificatePath", keyRing.Path);
                yield return KeyValuePair.Create("KeyRing__CertificatePassword", keyRing.Password);
            }
        }
    }

    /// <summary>Server and database are the admin's of today; passwords are the file's, or new ones.</summary>
    public static ConnectionsFile LoadOrDraft(string path, string admin, string database)
    {
        var known = File.Exists(path)
            ? File.ReadLines(path).Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1])
            : [];
        var file = new ConnectionsFile(System.IO.Path.GetFullPath(path), Roles.ToDictionary(
            role => role.Name,
            role => Connection(admin, database, role.Role, known.GetValueOrDefault($"ConnectionStrings__{role.Name}"))));
        if (known.TryGetValue("KeyRing__CertificatePath", out var certificate))
            file.KeyRing = (certificate, known["KeyRing__CertificatePassword"]);
        return file;
    }

    public void Save()
    {
        var draft = Path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, options))
        {
            foreach (var (key, value) in Lines)
                writer.Write($"{key}={value}\n");
        }

        File.Move(draft, Path, overwrite: true);
    }

    private static string Connection(string admin, string database, string role, string? known) => new NpgsqlConnectionStringBuilder(admin)
    {
        Database = database,
        Username = role,
        Password = known is null ? PrepareCommand.RandomPassword() : new NpgsqlConnectionStringBuilder(known).Password,
        MaxPoolSize = PoolSize,
        ApplicationName = "EasyISP",
    }.ConnectionString;
}
