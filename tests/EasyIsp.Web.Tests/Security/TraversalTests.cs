using System.Text.RegularExpressions;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>No name that is sent to us becomes the name of a file.</summary>
[Collection<Attacked>]
public sealed partial class TraversalTests(AttackedConsole console)
{
    /// <summary>What takes files. Each reads them from memory; one that is new has to be looked at, and tried.</summary>
    private static readonly string[] Uploads =
    [
        "EasyIsp.Web/Payments/Reconciliation/CheckReportPage.razor", "EasyIsp.Web/Payments/Reconciliation/UploadStatementPage.razor", "EasyIsp.Web/Settings/Mpesa/InitiatorCard.razor",
    ];

    private static readonly string[] Ways =
    [
        "../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cappsettings.json", "....//....//appsettings.json",
        "%252e%252e%252fappsettings.json", "/etc/passwd", "appsettings.json", "EasyIsp.Web.dll", "..;/appsettings.json",
    ];

    [Fact]
    public void Every_place_that_takes_a_file_is_known()
        => Assert.Equal(Uploads, Surface.Sources("*.razor").Where(source => source.Text.Contains("<InputFile", StringComparison.Ordinal)).Select(source => source.Path).Order(StringComparer.Ordinal));

    /// <summary>The name that a browser says is neither kept nor shown, and no code writes what came to a disk.</summary>
    [Fact]
    public void No_uploaded_name_is_read_and_no_upload_is_written_to_a_disk()
    {
        foreach (var (path, text) in Surface.Sources("*.razor").Where(source => Uploads.Contains(source.Path)))
            Assert.False(FileName().IsMatch(text), $"{path} reads the name of an upload.");

        var writers = Surface.Sources("*.cs").Concat(Surface.Sources("*.razor")).Where(source => Writing().IsMatch(source.Text)).Select(source => source.Path);
        // What an operator runs at a terminal.
        Assert.All(writers, path => Assert.StartsWith("EasyIsp.Web/Commands/", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_text_of_an_address_leads_out_of_its_folder()
    {
        using var browser = await console.BrowserAsync();
        string[] folders =
        [
            "/", "/css/", "/js/", "/fonts/", "/_content/MudBlazor/", "/_framework/",
            .. Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.RoutePattern.Parameters.Count > 0 && endpoint.Methods().Contains("GET") && !endpoint.IsFile()).Select(endpoint => endpoint.Pattern()),
        ];

        foreach (var folder in folders)
        {
            foreach (var way in Ways)
            {
                var address = folder.EndsWith('/') ? folder + way : PlaceOfText().Replace(folder, way).Replace("{id:guid}", way, StringComparison.Ordinal);
                using var answer = await browser.OpenAsync(address);
                var text = await answer.TextAsync();
                Assert.True((int)answer.StatusCode < 500, $"{address}: {answer.StatusCode}");
                Assert.DoesNotContain("root:x:", text, StringComparison.Ordinal);
                Assert.DoesNotContain("\"Serilog\"", text, StringComparison.Ordinal);
            }
        }
    }

    [GeneratedRegex(@"\.File\.Name\b|\bfile\.Name\b|IBrowserFile\b[^;]*\.Name\b", RegexOptions.None, 5000)]
    private static partial Regex FileName();

    [GeneratedRegex(@"(?<![.\w])File\.(Write|Append|Create|Copy|Move|Open)\w*\(|new FileStream\(|Directory\.Create|FileMode\.", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Writing();

    [GeneratedRegex(@"\{\**\w+(:[^}]*)?\??\}", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex PlaceOfText();
}
