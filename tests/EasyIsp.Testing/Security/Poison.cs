using Npgsql;

namespace EasyIsp.Testing.Security;

/// <summary>Writes into every text of a database what an attacker would, past all rules of the code but not past those of the tables.</summary>
public static class Poison
{
    /// <summary>Runs, or at least becomes an element of the page, where a text is not encoded.</summary>
    public static readonly IReadOnlyList<string> Scripts =
    [
        "\"'><img id=xss src=x onerror=window.__xss=1>",
        "\"><s id=xss>",
        "<s id=xss>",
    ];

    /// <summary>What spreadsheets take for a formula.</summary>
    public static readonly IReadOnlyList<string> Formulas = ["=1+", "+1+", "-1+", "@S+", "\t=1", "\r=1"];

    /// <summary>Room for the number that keeps the texts of a table apart.</summary>
    private const int NumberLength = 6;

    /// <summary>The first of the payloads that fits.</summary>
    public static Task<IReadOnlyList<string>> LongestAsync(string adminConnectionString, IReadOnlyList<string> payloads)
        => WriteAsync(adminConnectionString, field => payloads.FirstOrDefault(payload => Fits(field, payload)) is { } first ? [first] : []);

    /// <summary>One payload after the other, row by row.</summary>
    public static Task<IReadOnlyList<string>> InTurnAsync(string adminConnectionString, IReadOnlyList<string> payloads)
        => WriteAsync(adminConnectionString, field => [.. payloads.Where(payload => Fits(field, payload))]);

    /// <returns>The fields that the tables' own rules kept clean.</returns>
    private static async Task<IReadOnlyList<string>> WriteAsync(string adminConnectionString, Func<TextField, IReadOnlyList<string>> payloadsOf)
    {
        await using var admin = new NpgsqlConnection(adminConnectionString);
        await admin.OpenAsync();
        await using (var unguarded = new NpgsqlCommand("set session_replication_role = replica", admin))
            await unguarded.ExecuteNonQueryAsync();

        List<string> refused = [];
        foreach (var field in TextFields.All)
        {
            if (payloadsOf(field) is not { Count: > 0 } payloads)
                continue;
            // A field that is empty is filled too, unless the table says that it has to be.
            if (!await TryAsync(admin, field, payloads, alsoEmpty: true) && !await TryAsync(admin, field, payloads, alsoEmpty: false))
                refused.Add(field.Name);
        }

        await using var details = new NpgsqlCommand("""
            update audit_events set details = (
                select jsonb_object_agg(key, case jsonb_typeof(value) when 'string' then to_jsonb($1::text) else value end) from jsonb_each(details::jsonb))
            where jsonb_typeof(details::jsonb) = 'object' and details::jsonb <> '{}'
            """, admin)
        {
            Parameters = { new() { Value = payloadsOf(new TextField("audit_events", "details", null))[0] } },
        };
        await details.ExecuteNonQueryAsync();
        return refused;
    }

    private static async Task<bool> TryAsync(NpgsqlConnection admin, TextField field, IReadOnlyList<string> payloads, bool alsoEmpty)
    {
        var column = $"\"{field.Column}\"";
        await using var command = new NpgsqlCommand($"""
            with numbered as (
                select tableoid as part, ctid as place, row_number() over (order by tableoid, ctid) as n from {field.Table}
                where {(alsoEmpty ? "true" : $"{column} is not null")})
            update {field.Table} set {column} = $1 || ($2::text[])[numbered.n % $3 + 1] || numbered.n
            from numbered where {field.Table}.tableoid = numbered.part and {field.Table}.ctid = numbered.place
            """, admin)
        {
            Parameters = { new() { Value = PrefixOf(field) }, new() { Value = payloads.ToArray() }, new() { Value = payloads.Count } },
        };
        try
        {
            await command.ExecuteNonQueryAsync();
            return true;
        }
        catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.CheckViolation)
        {
            return false;
        }
    }

    private static bool Fits(TextField field, string payload)
        => field.MaxLength is not { } length || PrefixOf(field).Length + payload.Length + NumberLength <= length;

    /// <summary>What is kept as an address begins like one.</summary>
    private static string PrefixOf(TextField field) => field.Column switch
    {
        "base_url" => "https://provider.example/",
        "link_orig" => "http://wanted.example/",
        "link_login_only" => "http://10.5.50.1/",
        _ => "",
    };
}
