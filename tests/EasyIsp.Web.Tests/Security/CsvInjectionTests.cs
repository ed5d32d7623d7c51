using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>A name that is a formula stays a name in the spreadsheet, in each file that the console gives away.</summary>
[Collection<Attacked>]
public sealed class CsvInjectionTests(AttackedConsole console)
{
    /// <summary>Of the statistics.</summary>
    private static readonly string[] Tables = ["hours", "days", "routers", "packages", "endings", "refusals"];

    /// <summary>Files that hold no text that people wrote.</summary>
    private static readonly string[] OfFiguresAlone =
    [
        "/payments/reconciliation/days.csv", "/sessions/statistics/hours.csv", "/sessions/statistics/days.csv", "/sessions/statistics/refusals.csv",
    ];

    [Fact]
    public async Task No_cell_of_any_file_is_a_formula()
    {
        using var browser = await console.BrowserAsync();
        List<string> faults = [];

        foreach (var address in await AddressesAsync())
        {
            var cells = await CellsAsync(browser, address);
            faults.AddRange(cells.Where(IsFormula).Select(cell => $"{address}: {cell}"));
            if (!OfFiguresAlone.Contains(address.Split('?')[0]) && !cells.Any(cell => cell.StartsWith('\'')))
                faults.Add($"{address}: none of the formulas that stand in every text came into it");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
    }

    private static bool IsFormula(string cell)
        => cell is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] && !decimal.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out _);

    /// <summary>From the route table; of a file that is made in parts, each part.</summary>
    private async Task<IReadOnlyList<string>> AddressesAsync()
    {
        var batch = await console.OwnAsync("voucher_batches");
        return
        [
            .. Surface.EndpointsOf(console.Host)
                .Where(endpoint => endpoint.Pattern().EndsWith(".csv", StringComparison.Ordinal))
                .SelectMany(endpoint => endpoint.RoutePattern.GetParameter("table") is null
                    ? [endpoint.Address(batch)]
                    : Tables.Select(table => endpoint.Address(batch, table)))
                .Select(address => $"{address}?period=30days&state=All"),
        ];
    }

    private static async Task<IReadOnlyList<string>> CellsAsync(HttpClient browser, string address)
    {
        using var answer = await browser.OpenAsync(address);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        using var csv = new CsvParser(new StringReader(await answer.TextAsync()), new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.None });
        List<string> cells = [];
        while (await csv.ReadAsync())
            cells.AddRange(csv.Record!);
        return cells;
    }
}
