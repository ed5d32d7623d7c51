namespace EasyIsp.Core.Persistence;

/// <summary>The SQL that migrations run and that no model can express, kept as files so that it reads as SQL.</summary>
internal static class SqlFile
{
    public static string Read(string name)
    {
        var resource = $"EasyIsp.Core.Persistence.Sql.{name}.sql";
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"No SQL file '{name}' is embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
