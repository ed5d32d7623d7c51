using System.Diagnostics;
using Npgsql;
using Xunit;

namespace EasyIsp.EndToEnd.Hotspot;

/// <summary>The demonstration's own people, from the hand-over to the Stop, on the real processes.</summary>
[Collection<RunningProduct>]
public sealed class ShopperTests(Demonstration product)
{
    // One of five does not pay.
    private const int Invited = 3;

    [Fact]
    public async Task People_who_are_invited_buy_by_themselves_browse_and_leave()
    {
        using var http = new HttpClient();
        for (var i = 0; i < Invited; i++)
        {
            using var answer = await http.PostAsync(new Uri(product.Emulators, "/shoppers/invite"), content: null, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        var (paid, phone, downloaded, cause) = await StayAsync();
        var console = await ConsoleUser.SignInAsync(product, ConsoleUser.Admin);
        await console.GoAsync(product, $"/payments?q={Uri.EscapeDataString(phone)}");
        await console.GetByText($"0{phone[4..7]} {phone[7..]}").First.WaitForAsync(new() { Timeout = 10_000 });

        Assert.True(paid > 0 && downloaded > 0, $"Paid {paid}, downloaded {downloaded} bytes.");
        Assert.True(cause is 1 or 2, $"Ended by {cause}."); // User-Request, Lost-Carrier (RFC 2866, 5.10)
        await EmptyAsync(http);
    }

    private async Task EmptyAsync(HttpClient http)
    {
        var patience = Stopwatch.StartNew();
        while (!(await http.GetStringAsync(product.Emulators, TestContext.Current.CancellationToken)).Contains("<p>0 at the hotspots", StringComparison.Ordinal))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(4), "Somebody never left.");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for the first session of one of them to be over.</summary>
    private async Task<(decimal Paid, string Phone, long Downloaded, int Cause)> StayAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("EASYISP_TEST_PG")!) { Database = product.Database };
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            await using var ended = database.CreateCommand("""
                select r.amount, c.phone, s.downloaded_bytes, s.terminate_cause
                from sessions s
                join customers c on c.id = s.customer_id and c.phone like '+254798%'
                join payment_requests r on r.customer_id = c.id and r.result_code = '0'
                """);
            await using var reader = await ended.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            if (await reader.ReadAsync(TestContext.Current.CancellationToken))
                return (reader.GetDecimal(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3));
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("Nobody bought anything, or nobody left.");
    }
}
