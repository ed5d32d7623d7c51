using EasyIsp.Testing.Chaos;
using Xunit;

namespace EasyIsp.EndToEnd.Payments;

/// <summary>The small edition of <c>./easyisp bench chaos</c>, which does ten thousand.</summary>
public sealed class PaymentChaosTests
{
    [Fact(Timeout = 300_000)]
    public async Task Whatever_goes_wrong_on_the_way_the_books_say_what_the_statement_says()
    {
        await using var chaos = await PaymentChaos.OpenAsync(seed: 4711, TestContext.Current.CancellationToken);

        var report = await chaos.RunAsync(count: 120, kills: 3, TestContext.Current.CancellationToken);

        TestContext.Current.SendDiagnosticMessage("{0}", report);
        Assert.True(report.IsZeroDifference, $"{report}");
        Assert.Equal(3, report.Kills.Count);
        Assert.True(report.Messages > report.StatementLines, "Too few messages came: the test tried nothing.");
        Assert.True(report.Flagged > 0, "Nothing was forged: the test tried nothing.");
    }
}
