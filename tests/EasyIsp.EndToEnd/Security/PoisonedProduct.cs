using EasyIsp.Testing;
using EasyIsp.Testing.Security;
using Npgsql;
using Xunit;

namespace EasyIsp.EndToEnd.Security;

/// <summary>The demonstration as an attacker would have filled it: a script in every text of its database. What sends or receives does not run.</summary>
public sealed class PoisonedProduct(PostgresServer postgres) : Demonstration(postgres)
{
    /// <summary>Texts that the tables' own rules kept clean.</summary>
    public IReadOnlyList<string> Clean { get; private set; } = [];

    protected override IEnumerable<(string Project, Uri Address)> Programs => [("EasyIsp.Portal", Portal), ("EasyIsp.Web", Console)];

    protected override async Task FurnishAsync()
    {
        var admin = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("EASYISP_TEST_PG")!) { Database = Database, Pooling = false }.ConnectionString;
        Clean = await Poison.LongestAsync(admin, Poison.Scripts);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", Clean));
    }
}
