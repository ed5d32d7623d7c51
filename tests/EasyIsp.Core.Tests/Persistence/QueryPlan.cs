using System.Globalization;
using System.Text.RegularExpressions;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EasyIsp.Core.Tests.Persistence;

/// <summary>What PostgreSQL did to answer a query: the plan as it ran, step by step.</summary>
internal static partial class QueryPlan
{
    private const string Explain = "explain (analyze, timing off, costs off) ";

    /// <summary>As the app role and under the tenant's policy, with the query's own parameters.</summary>
    public static Task<string> OfAsync<T>(World world, Func<IspDbContext, IQueryable<T>> query) => world.ReadAsync(async db =>
    {
        await using var command = (NpgsqlCommand)query(db).CreateDbCommand();
        return await OfAsync(command);
    });

    public static async Task<string> OfAsync(NpgsqlCommand command)
    {
        command.CommandText = Explain + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    /// <summary>Of all steps the one that read, or read and threw away, the most.</summary>
    public static double MostRowsRead(string plan) => Steps().Matches(plan)
        .Max(step => double.Parse(step.Groups["rows"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(rows=|Rows Removed by .*: )(?<rows>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Steps();
}
