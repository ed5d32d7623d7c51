using EasyIsp.Testing;
using EasyIsp.Testing.Chaos;
using Xunit;

namespace EasyIsp.EndToEnd.Payments;

/// <summary>The small edition of <c>./easyisp bench payments</c>, which does ten thousand.</summary>
public sealed class PaymentChaosTests(PostgresServer server)
{
    [Fact]
    public async Task Whatever_goes_wrong_on_the_way_the_books_say_what_the_statement_says()
    {
        await using var chaos = await PaymentChaos.OpenAsync(server, TestContext.Current.CancellationToken);

        var report = await chaos.RunAsync(count: 300, kills: 3, TestContext.Current.CancellationToken);

        TestContext.Current.SendDiagnosticMessage("{0}", report);
        Assert.Equal(report.Statement, report.Ledger);
        Assert.Equal(report.Statement, report.Sales);
        Assert.Equal((report.StatementLines, report.StatementLines), (report.Payments, report.Purchases));
        Assert.True(report.Messages > report.StatementLines, "No callback came twice: the test tried nothing.");
        Assert.True(report.Flagged > 0, "Nothing was forged: the test tried nothing.");
    }
}
