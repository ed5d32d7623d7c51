using System.Globalization;
using System.IO.Compression;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Reconciliation.Daily;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using EasyIsp.Web.Payments.Reconciliation;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Payments;

public sealed class ReconciliationPageTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private World _world = null!;
    private Guid _account;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        var opened = await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
        _account = ((OpenAccountOutcome.Opened)opened).AccountId;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_line_that_is_not_booked_is_booked_from_its_row()
    {
        await LineAsync("UA17K4M2QX", 70);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle);
        var page = ui.Render<ReconciliationPage>();
        page.WaitForAssertion(() => Assert.Contains("1 difference to look at", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("Not booked", page.Markup, StringComparison.Ordinal);
        Assert.Contains("differs", page.Find("tbody tr .state").TextContent, StringComparison.Ordinal);
        var dialogs = ui.Render<MudDialogProvider>();

        await page.ClickAsync(".deeds button", "Book");
        dialogs.WaitForElement("#reason input", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#reason input").Input("Seen in the portal"));
        await dialogs.InvokeAsync(() => dialogs.Find("#reason").Submit());

        await Eventually.TrueAsync(() => _world.ReadAsync(db => db.Payments.AnyAsync(p => p.Receipt == "UA17K4M2QX" && p.CustomerId == null)));
    }

    [Fact]
    public async Task An_explained_line_that_comes_to_name_another_amount_is_a_difference_again_with_what_was_known()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle);
        await UploadedAsync(ui, 100);
        await UploadedAsync(ui, 130);
        var page = ui.Render<ReconciliationPage>();
        page.WaitForAssertion(() => Assert.Contains("1 difference to look at", page.Markup, StringComparison.Ordinal), Patience);
        var dialogs = ui.Render<MudDialogProvider>();
        await ExplainedAsync(page, dialogs, "A typing error at M-Pesa");
        page.WaitForAssertion(() => Assert.Contains("Explained: A typing error at M-Pesa", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("to look at", page.Markup, StringComparison.Ordinal);

        await UploadedAsync(ui, 150);
        page = ui.Render<ReconciliationPage>();
        page.WaitForAssertion(() => Assert.Contains("1 difference to look at", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("Wanjiku (support) explained before, when M-Pesa said KES\u00a0130 and KES\u00a0100 was booked: A typing error at M-Pesa", page.Find(".line").TextContent, StringComparison.Ordinal);

        await ExplainedAsync(page, dialogs, "It was the till");
        page.WaitForAssertion(() => Assert.Contains("Explained: It was the till", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("A typing error at M-Pesa", page.Find(".line").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatementFile.MaxBytes + 1, 0, 0, "It is larger than 10 MB; export shorter periods.")]
    [InlineData(0, 151, 1, "It is too large a workbook; export shorter periods, or as CSV.")]
    [InlineData(0, 0, 65, "It is too large a workbook; export shorter periods, or as CSV.")]
    public async Task A_workbook_that_is_too_large_is_refused_with_words(int filler, int megabytes, int parts, string words)
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle);
        var page = ui.Render<UploadStatementPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("form")), Patience);

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary([.. Workbook(megabytes, parts), .. new byte[filler]], "statement.xlsx"));

        page.WaitForAssertion(() => Assert.Equal(words, page.Find(".field-fault .field-note").TextContent), Patience);
        Assert.DoesNotContain("Payments of customers", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_that_has_just_begun_says_so()
    {
        var now = _world.Clock.GetUtcNow();
        _world.Clock.Advance(now.Date.AddDays(1).AddHours(-3).AddMinutes(20) - now.UtcDateTime); // 00:20 in Nairobi
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView);

        var page = ui.Render<ReconciliationPage>();

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")), Patience);
        Assert.Contains("unconfirmed", page.Find("tbody tr .state").TextContent, StringComparison.Ordinal);
        Assert.Equal("It has just begun: M-Pesa's books may be late", page.Find("tbody tr .state").GetAttribute("title"));
    }

    [Fact]
    public async Task Who_may_only_look_sees_the_difference_and_no_buttons()
    {
        await LineAsync("UA17K4M2QX", 70);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView);

        var page = ui.Render<ReconciliationPage>();

        page.WaitForAssertion(() => Assert.Contains("1 difference to look at", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Empty(page.FindAll(".deeds button"));
        Assert.DoesNotContain("Upload statement", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_is_read_before_it_is_taken()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle);
        var page = ui.Render<UploadStatementPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("form")), Patience);

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(Statement(60), "statement.csv"));

        page.WaitForAssertion(() => Assert.Contains("Payments of customers", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal(0, await _world.ReadAsync(db => db.Payments.CountAsync()));
        await page.InvokeAsync(() => page.Find("form").Submit());
        await Eventually.TrueAsync(() => _world.ReadAsync(db => db.Payments.AnyAsync(p => p.Receipt == "UA17K4M2QX" && p.Amount == 60)));
    }

    [Fact]
    public async Task What_is_no_statement_is_refused_with_words()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle);
        var page = ui.Render<UploadStatementPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("form")), Patience);

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("holiday plans", "notes.csv"));

        page.WaitForAssertion(() => Assert.Contains("It has no row with the columns", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_shown_as_it_came_and_explained()
    {
        await _world.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _account);
            db.UnreadRows.Add(UnreadRow.Of(account, """{"transactionId":"UA17K4M2QX","amount":"fifty"}""", _world.Clock.GetUtcNow()));
            return 0;
        });
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationUpload, Permission.ReconciliationSettle);
        var page = ui.Render<ReconciliationPage>();
        page.WaitForAssertion(() => Assert.Contains("1 pulled row could not be read", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("fifty", page.Find(".raw").TextContent, StringComparison.Ordinal);
        var dialogs = ui.Render<MudDialogProvider>();

        await page.ClickAsync(".lines-right button", "Explain");
        dialogs.WaitForElement("#reason input", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#reason input").Input("A test of ours"));
        await dialogs.InvokeAsync(() => dialogs.Find("#reason").Submit());

        await Eventually.TrueAsync(() => _world.ReadAsync(db => db.UnreadRows.AnyAsync(row => row.Reason == "A test of ours")));
    }

    [Fact]
    public async Task Who_settles_things_says_who_gets_the_report()
    {
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView, Permission.ReconciliationMail);
        var page = ui.Render<ReconciliationPage>();
        page.WaitForAssertion(() => Assert.Contains("Nobody gets it now.", page.Markup, StringComparison.Ordinal), Patience);
        var dialogs = ui.Render<MudDialogProvider>();

        await page.ClickAsync("button", "Mail it");
        dialogs.WaitForElement("#report-addresses", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#report-addresses").Change("owner"));
        await dialogs.InvokeAsync(() => dialogs.Find("#report-mail").Submit());
        dialogs.WaitForAssertion(() => Assert.Contains("owner is no e-mail address.", dialogs.Markup, StringComparison.Ordinal), Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#report-addresses").Change("owner@savanna.example"));
        await dialogs.InvokeAsync(() => dialogs.Find("#report-mail").Submit());

        page.WaitForAssertion(() => Assert.Contains("owner@savanna.example", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Contains("no mail server yet", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_look_checks_reports_and_mails_none()
    {
        await _world.Services.GetRequiredService<ReportSigning>().EnsureKeyAsync(CancellationToken.None);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.ReconciliationView);
        var page = ui.Render<ReconciliationPage>();
        page.WaitForAssertion(() => Assert.Contains("Check a report", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("Mail it", page.Markup, StringComparison.Ordinal);

        var check = ui.Render<CheckReportPage>();
        await check.InvokeAsync(() => check.Find("#report-text").Change("ZERO DIFFERENCE, believe me"));
        await check.InvokeAsync(() => check.Find("form").Submit());

        check.WaitForAssertion(() => Assert.Contains("There is no signed report in this.", check.Markup, StringComparison.Ordinal), Patience);
    }

    /// <summary>A statement that names one receipt, of an hour ago, is taken.</summary>
    private async Task UploadedAsync(BunitContext ui, decimal amount)
    {
        var page = ui.Render<UploadStatementPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("form")), Patience);
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(Statement(amount), "statement.csv"));
        page.WaitForAssertion(() => Assert.Contains("Payments of customers", page.Markup, StringComparison.Ordinal), Patience);
        await page.InvokeAsync(() => page.Find("form").Submit());
        await Eventually.TrueAsync(() => _world.ReadAsync(db => db.StatementLines.AnyAsync(line => line.Amount == amount)));
    }

    private string Statement(decimal amount)
    {
        var time = _world.Clock.GetUtcNow().AddHours(-1).ToOffset(TimeSpan.FromHours(3));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Receipt No.,Completion Time,Transaction Status,Paid In,Other Party Info\nUA17K4M2QX,{time:yyyy-MM-dd HH:mm:ss},Completed,{amount:0.00},2547…678 - JANE\n");
    }

    private static async Task ExplainedAsync(
        IRenderedComponent<ReconciliationPage> page, IRenderedComponent<MudDialogProvider> dialogs, string reason)
    {
        await page.ClickAsync(".deeds button", "Explain");
        dialogs.WaitForElement("#reason input", Patience);
        await dialogs.InvokeAsync(() => dialogs.Find("#reason input").Input(reason));
        await dialogs.InvokeAsync(() => dialogs.Find("#reason").Submit());
    }

    /// <summary>Small as a file, whatever it unpacks to.</summary>
    private static byte[] Workbook(int megabytes, int parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var part = 0; part < parts; part++)
            {
                using var sheet = zip.CreateEntry($"xl/worksheets/sheet{part + 1}.xml", CompressionLevel.Fastest).Open();
                for (var megabyte = 0; megabyte < megabytes; megabyte++)
                    sheet.Write(new byte[1024 * 1024]);
            }
        }

        return file.ToArray();
    }

    private Task<int> LineAsync(string receipt, decimal amount) => _world.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _account);
        var now = _world.Clock.GetUtcNow();
        db.StatementLines.Add(StatementLine.Of(
            account, new PulledRow(receipt, amount, now, null, null, null), StatementSource.Pull, ProviderMessageOutcome.ReceiptTaken, null, now));
        return 0;
    });
}
