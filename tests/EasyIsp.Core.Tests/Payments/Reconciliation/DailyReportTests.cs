using System.Text;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Reconciliation.Daily;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Reconciliation;

/// <summary>The signed report of a day, from the books to the mailbox and back to whoever doubts it.</summary>
public sealed class DailyReportTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateOnly FirstDay = new(2026, 3, 1);

    private readonly Settings _settings = new();
    private World _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server, services => services.AddSingleton<IOptions<MailOptions>>(_settings));
        await _world.Services.GetRequiredService<ReportSigning>().EnsureKeyAsync(Cancelled);
        Assert.Null(await SendToAsync("owner@savanna.example, accounts@savanna.example"));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Yesterday_is_mailed_once_signed_and_with_its_figures()
    {
        await using var smtp = await ServedAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync()));
        await RunAsync();

        var mail = Assert.Single(smtp.Mails);
        Assert.Equal("Savanna Net, 1 March: zero difference", mail.Subject);
        Assert.Equal(["owner@savanna.example", "accounts@savanna.example"], mail.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Contains("ZERO DIFFERENCE", TextOf(mail), StringComparison.Ordinal);
        var (name, file) = Assert.Single(FilesOf(mail));
        Assert.Equal("reconciliation-2026-03-01.csv", name);
        Assert.StartsWith("Day,Statement lines,Statement,By staff", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        Assert.Equal(new ReportCheck.Genuine(FirstDay, WithFile: true), await CheckAsync(TextOf(mail), file));
        Assert.Equal(DailyReportState.Sent, Assert.Single((await StateAsync()).Latest).State);
    }

    [Fact]
    public async Task It_waits_for_the_companys_own_morning()
    {
        await using var smtp = await ServedAsync();
        _world.Clock.Advance(new DateTimeOffset(2026, 3, 3, 2, 59, 0, TimeSpan.Zero) - _world.Clock.GetUtcNow());
        await RunAsync();
        Assert.Empty(smtp.Mails);

        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();

        Assert.Equal("Savanna Net, 2 March: zero difference", Assert.Single(smtp.Mails).Subject);
    }

    [Fact]
    public async Task What_differs_is_listed_with_what_to_do()
    {
        await using var smtp = await ServedAsync();
        await LineAsync("UA00NOBODY", 70);
        _world.Clock.Advance(TimeSpan.FromDays(1));

        await RunAsync();

        var mail = Assert.Single(smtp.Mails);
        Assert.Equal("Savanna Net, 2 March: 1 difference", mail.Subject);
        Assert.Contains("Not booked UA00NOBODY at 12:00, Paybill: KES 70.00", TextOf(mail), StringComparison.Ordinal);
        Assert.Contains("Book it, then place it with whoever paid.", TextOf(mail), StringComparison.Ordinal);
        var list = FilesOf(mail).Single(file => file.Name == "differences-2026-03-02.csv").Content;
        Assert.Contains("UA00NOBODY", Encoding.UTF8.GetString(list), StringComparison.Ordinal);
        Assert.Equal(new ReportCheck.Genuine(new DateOnly(2026, 3, 2), WithFile: true), await CheckAsync(TextOf(mail), list));
    }

    [Fact]
    public async Task Money_that_was_compared_with_no_statement_is_not_confirmed()
    {
        await using var smtp = await ServedAsync();
        await PaystackMoneyAsync(20);
        _world.Clock.Advance(TimeSpan.FromDays(1));

        await RunAsync();

        var mail = Assert.Single(smtp.Mails);
        Assert.Equal("Savanna Net, 2 March: not confirmed", mail.Subject);
        Assert.Contains("NOT CONFIRMED. KES 20.00 of the payments stand on no statement yet.", TextOf(mail), StringComparison.Ordinal);
        Assert.DoesNotContain("ZERO DIFFERENCE", TextOf(mail), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_vouches_for_no_file_and_ends_no_report()
    {
        await using var smtp = await ServedAsync();
        await LineAsync("UA00NOBODY", 70);
        var forged = "Day,Statement"u8.ToArray();
        var line = await _world.ReadAsync(db => db.StatementLines.Select(l => l.Id).SingleAsync(Cancelled));
        var reason = $"Fine -----BEGIN EASYISP SIGNATURE----- File: reconciliation-2026-03-02.csv SHA-256: {ReportSigning.DigestOf(forged)}";
        foreach (var stated in (decimal[])[65, 70])
        {
            var key = new DifferenceKey(line, PaymentId: null, DifferenceKind.NotBooked, stated, Booked: null, Entered: null);
            Assert.True(await _world.AsTenantAsync<ReconciliationDesk, bool>(desk => desk.ExplainAsync(key, reason, Cancelled)));
        }

        _world.Clock.Advance(TimeSpan.FromDays(1));

        await RunAsync();

        var mail = Assert.Single(smtp.Mails);
        Assert.Contains("Explained: Fine BEGIN EASYISP SIGNATURE File: ", TextOf(mail), StringComparison.Ordinal);
        Assert.Contains("when M-Pesa said KES 65.00 and nothing was booked: Fine BEGIN EASYISP SIGNATURE File: ", TextOf(mail), StringComparison.Ordinal);
        Assert.Equal(new ReportCheck.FileAltered(new DateOnly(2026, 3, 2)), await CheckAsync(TextOf(mail), forged));
        foreach (var (_, file) in FilesOf(mail))
            Assert.Equal(new ReportCheck.Genuine(new DateOnly(2026, 3, 2), WithFile: true), await CheckAsync(TextOf(mail), file));
    }

    [Fact]
    public async Task What_is_old_is_not_mailed_to_whoever_is_put_on_the_list_since()
    {
        _settings.Value = new MailOptions { Host = "127.0.0.1", Port = 1, From = "reports@easyisp.example", Security = MailSecurity.None };
        await RunAsync();
        Assert.Null(await SendToAsync(" "));
        _world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await SendToAsync("new@savanna.example"));
        await using var smtp = await ServedAsync();

        await RunAsync();

        Assert.Equal("Savanna Net, 3 March: zero difference", Assert.Single(smtp.Mails).Subject);
        Assert.Equal([DailyReportState.Sent, DailyReportState.Failed], (await StateAsync()).Latest.Select(report => report.State));
    }

    [Fact]
    public async Task A_report_is_genuine_however_a_mail_program_wraps_it_and_never_when_a_figure_is_changed()
    {
        await using var smtp = await ServedAsync();
        await RunAsync();
        var mail = Assert.Single(smtp.Mails);
        var (_, file) = Assert.Single(FilesOf(mail));
        var quoted = "Dear owner,\n> " + TextOf(mail).Replace("\n", "\n> ", StringComparison.Ordinal).Replace(" 0.00", "\n> > 0.00", StringComparison.Ordinal) + "\nYours";

        Assert.Equal(new ReportCheck.Genuine(FirstDay, WithFile: false), await CheckAsync(quoted));
        Assert.IsType<ReportCheck.Altered>(await CheckAsync(TextOf(mail).Replace(" 0.00", " 9.00", StringComparison.Ordinal)));
        Assert.IsType<ReportCheck.Altered>(await CheckAsync(TextOf(mail).Replace("ZERO", "NO", StringComparison.Ordinal)));
        Assert.Equal(new ReportCheck.FileAltered(FirstDay), await CheckAsync(TextOf(mail), [.. file, (byte)' ']));
        Assert.IsType<ReportCheck.NoReport>(await CheckAsync("ZERO DIFFERENCE"));
        Assert.IsType<ReportCheck.NoReport>(await CheckAsync(TextOf(mail)[..(TextOf(mail).Length / 2)]));
        var other = await _world.FoundTenantAsync("mara", "Mara Wireless");
        Assert.IsType<ReportCheck.OfAnotherCompany>(await _world.AsTenantAsync<ReportMailDesk, ReportCheck>(
            other, desk => Task.FromResult(desk.Check(TextOf(mail), null))));
    }

    [Fact]
    public async Task What_the_server_refuses_is_tried_again_and_then_sent_once()
    {
        await using (var strict = await SmtpServer.StartAsync("-s", "500"))
        {
            _settings.Value = strict.Options();
            await RunAsync();
            await RunAsync();
            Assert.Empty(strict.Mails);
        }

        var failed = Assert.Single((await StateAsync()).Latest);
        Assert.Equal((DailyReportState.Waiting, _world.Clock.GetUtcNow().AddMinutes(5)), (failed.State, failed.NextTryAt!.Value));
        Assert.Contains("552", failed.Failure, StringComparison.Ordinal);

        await using var smtp = await ServedAsync();
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        await RunAsync();
        await RunAsync();
        Assert.Single(smtp.Mails);
    }

    [Fact]
    public async Task A_server_that_never_comes_back_is_given_up_and_the_next_day_is_tried_anew()
    {
        _settings.Value = new MailOptions { Host = "127.0.0.1", Port = 1, From = "reports@easyisp.example", Security = MailSecurity.None };
        for (var step = 0; step < 22; step++)
        {
            await RunAsync();
            _world.Clock.Advance(TimeSpan.FromHours(1));
        }

        var latest = (await StateAsync()).Latest;
        Assert.Equal([new DateOnly(2026, 3, 2), FirstDay], latest.Select(report => report.Day));
        Assert.Equal([DailyReportState.Waiting, DailyReportState.Failed], latest.Select(report => report.State));
        Assert.Contains("not reached", latest[1].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_gets_nothing()
    {
        using var certificate = new ThrowawayCertificate();
        await using var smtp = await SmtpServer.StartAsync("--tlscert", certificate.Path, "--tlskey", certificate.Path);
        _settings.Value = smtp.Options(MailSecurity.StartTls);

        await RunAsync();

        Assert.Empty(smtp.Mails);
        Assert.Contains("certificate", Assert.Single((await StateAsync()).Latest).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "nobody is no e-mail address.")]
    [InlineData("a@b.example\nc@d.example x@", "x@ is no e-mail address.")]
    [InlineData("a@b.example,b@b.example,c@b.example,d@b.example,e@b.example,f@b.example", "At most 5 addresses.")]
    public async Task What_is_no_address_is_refused_and_the_old_ones_stay(string typed, string fault)
    {
        Assert.Equal(fault, await SendToAsync(typed));
        Assert.Equal(2, (await StateAsync()).Addresses.Count);
    }

    [Fact]
    public async Task Without_addresses_nothing_is_written_and_the_change_is_in_the_audit_log()
    {
        Assert.Null(await SendToAsync(" "));

        await RunAsync();

        Assert.Empty((await StateAsync()).Latest);
        Assert.Equal(2, await _world.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "reconciliation.mail", Cancelled)));
    }

    private async Task<SmtpServer> ServedAsync()
    {
        var smtp = await SmtpServer.StartAsync();
        _settings.Value = smtp.Options();
        return smtp;
    }

    private Task RunAsync() => _world.Services.GetRequiredService<DailyReports>().RunAsync(Cancelled);

    private Task<string?> SendToAsync(string typed) => _world.AsTenantAsync<ReportMailDesk, string?>(desk => desk.SendToAsync(typed, Cancelled));

    private Task<ReportMailState> StateAsync() => _world.AsTenantAsync<ReportMailDesk, ReportMailState>(desk => desk.FindAsync(Cancelled));

    private Task<ReportCheck> CheckAsync(string text, byte[]? file = null)
        => _world.AsTenantAsync<ReportMailDesk, ReportCheck>(desk => Task.FromResult(desk.Check(text, file)));

    private static string TextOf(MimeMessage mail) => mail.TextBody!;

    private static List<(string Name, byte[] Content)> FilesOf(MimeMessage mail) => [.. mail.Attachments.OfType<MimePart>().Select(part =>
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return (part.FileName!, content.ToArray());
    })];

    private Task<int> PaystackMoneyAsync(decimal amount) => _world.WriteAsync(async db =>
    {
        var (codec, now) = (_world.Services.GetRequiredService<SecretCodec>(), _world.Clock.GetUtcNow());
        var terms = new PaystackTerms("Paystack", "https://paystack.example", codec.Protect(_world.TenantId, "sk_test_key"), IsTest: true, "billing@savanna.example");
        var account = PaymentAccount.Open(_world.TenantId, terms, codec.Protect(_world.TenantId, "callback"), now);
        db.PaymentAccounts.Add(account);
        await db.SaveChangesAsync(Cancelled);
        await _world.Services.GetRequiredService<Deposits>().BookAsync(db, account, new Deposit("sav1042", amount, now, null), customerId: null, Cancelled);
        return 0;
    });

    private async Task LineAsync(string receipt, decimal amount)
    {
        var opened = (OpenAccountOutcome.Opened)await _world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), Cancelled));
        await _world.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync(a => a.Id == opened.AccountId, Cancelled);
            var now = _world.Clock.GetUtcNow();
            db.StatementLines.Add(StatementLine.Of(
                account, new PulledRow(receipt, amount, now, null, null, null), StatementSource.Pull, ProviderMessageOutcome.ReceiptTaken, null, now));
            return 0;
        });
    }

    /// <summary>Without a server until one is put there.</summary>
    private sealed class Settings : IOptions<MailOptions>
    {
        public MailOptions Value { get; set; } = new();
    }
}
