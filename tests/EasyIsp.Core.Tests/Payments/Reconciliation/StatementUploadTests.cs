using System.Globalization;
using System.Text;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Reconciliation;

public sealed class StatementUploadTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;
    private Guid _account;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _world.World.Clock.GetUtcNow();

    private DateOnly Today => DateOnly.FromDateTime(Now.ToOffset(TimeSpan.FromHours(3)).DateTime);

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        _account = (await _world.OwnerAsync()).PaymentAccountId;
        await _world.RegisterAsync(1042);
        _world.World.Clock.Advance(TimeSpan.FromHours(6));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_nobody_told_of_is_booked_once_and_the_day_is_covered()
    {
        var told = await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 100, "UA17K4M2QX"));
        Assert.Equal(ProviderMessageOutcome.Settled, told);
        var yesterday = Today.AddDays(-1);
        var file = File(("UA17K4M2QX", 100, "1042"), ("UA17K4M2QY", 60, "1042"), ("UA17K4M2QZ", 40, "nobody's"));

        var first = await TakeAsync(file, yesterday, Today);
        var second = await TakeAsync(file, yesterday, Today);

        Assert.Equal(new UploadReport(3, 3, 2), Assert.IsType<UploadOutcome.Taken>(first).Report);
        Assert.Equal(new UploadReport(3, 0, 0), Assert.IsType<UploadOutcome.Taken>(second).Report);
        Assert.Equal([40m, 60m, 100m], (await _world.PaymentsAsync()).Select(p => p.Amount).Order());
        Assert.Equal([40m, 60m], (await _world.PaymentsAsync()).Where(p => p.IsInSuspense).Select(p => p.Amount).Order());
        var figures = await _world.World.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(report => report.ReadAsync(new ReconciliationQuery(yesterday, Today), Cancelled));
        Assert.Equal(200, figures.Days[1].Sums.Statement);
        Assert.Empty(figures.Differences);
    }

    [Fact]
    public async Task The_audit_log_has_the_file_and_what_it_booked()
    {
        var file = File(("UA17K4M2QX", 100, "1042"));

        await TakeAsync(file, Today, Today);

        var details = await _world.World.ReadAsync(db => db.AuditEvents.Where(e => e.Action == "reconciliation.upload").Select(e => e.Details).SingleAsync(Cancelled));
        var text = details!.RootElement.GetRawText();
        Assert.Equal(64, file.Digest.Length);
        Assert.Contains(file.Digest, text, StringComparison.Ordinal);
        Assert.Contains("UA17K4M2QX", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_money_that_cannot_be_read_is_refused_whole()
    {
        var outcome = await TakeAsync(File(("UA17K4M2QX", 100, "1042"), ("UA17K4M2QY", -60, "1042")), Today, Today);

        Assert.Equal(1, Assert.IsType<UploadOutcome.RowsUnread>(outcome).Count);
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task A_later_pull_raises_what_a_file_named_to_the_providers_own_word()
    {
        await TakeAsync(File(("UA17K4M2QX", 100, "1042")), Today, Today);
        Assert.True(Assert.Single(await _world.PaymentsAsync()).IsInSuspense);

        await PullAsync(new PulledRow("UA17K4M2QX", 100, Now.AddHours(-1), "1042", null, null));

        Assert.Equal(StatementSource.Pull, await _world.World.ReadAsync(db => db.StatementLines.Select(l => l.Source).SingleAsync(Cancelled)));
        Assert.False(Assert.Single(await _world.PaymentsAsync()).IsInSuspense);
        await PullAsync(new PulledRow("UA17K4M2QX", 100, Now.AddHours(-1), "1042", null, null));
        Assert.Single(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task A_later_confirmation_places_what_a_file_named_and_what_a_person_has_moved_stays()
    {
        await TakeAsync(File(("UA17K4M2QX", 100, "1042"), ("UA17K4M2QY", 60, "1042")), Today, Today);
        var moved = (await _world.PaymentsAsync()).Single(p => p.Receipt == "UA17K4M2QY");
        var other = (await _world.RegisterAsync(1043)).Id;
        Assert.Equal(PlaceOutcome.Placed, await _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(
            desk => desk.PlaceAsync(moved.Id, other, "He says so", Cancelled)));

        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 100, "UA17K4M2QX"));
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 60, "UA17K4M2QY"));

        var payments = await _world.PaymentsAsync();
        Assert.Equal(2, payments.Count);
        Assert.NotNull(payments.Single(p => p.Receipt == "UA17K4M2QX").CustomerId);
        Assert.Equal(other, payments.Single(p => p.Receipt == "UA17K4M2QY").CustomerId);
    }

    [Fact]
    public async Task A_file_has_the_receipt_of_a_prompt_that_is_paid_as_a_query_said()
    {
        var request = await PaidAsAskedAsync();

        await TakeAsync(File(("UA17K4M2QX", request.Amount, request.Reference!)), Today, Today);

        var payment = Assert.Single(await _world.PaymentsAsync());
        Assert.Equal(("UA17K4M2QX", (Guid?)request.Id), (payment.Receipt, payment.PaymentRequestId));
        await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, request.Amount, "UA17K4M2QX"));
        Assert.Single(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task A_receipt_that_a_file_made_up_gives_way_to_the_providers()
    {
        var request = await PaidAsAskedAsync();
        await TakeAsync(File(("UA00FORGED", request.Amount, request.Reference!)), Today, Today);

        await _world.ConfirmAsync(C2bWorld.Confirmation(request.Reference!, request.Amount, "UA17K4M2QX"));

        var payments = await _world.PaymentsAsync();
        Assert.Equal(request.Id, payments.Single(p => p.Receipt == "UA17K4M2QX").PaymentRequestId);
        Assert.True(payments.Single(p => p.Receipt == "UA00FORGED").IsInSuspense);
    }

    [Fact]
    public async Task The_last_minutes_of_a_day_that_was_uploaded_until_midnight_are_compared()
    {
        // 23:45 in Nairobi.
        _world.World.Clock.Advance(Now.Date.AddDays(1).AddHours(20).AddMinutes(45) - Now.UtcDateTime);
        var day = Today;
        await _world.World.WriteAsync(async db =>
        {
            var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _account, Cancelled);
            var confirmation = new C2bConfirmation { Receipt = "UA00FORGED", Amount = 40, ShortCode = account.ShortCode, PaidAt = Now };
            await _world.World.Services.GetRequiredService<ConfirmationReading>().TellAsync(db, account, confirmation, Cancelled);
            return 0;
        });
        var file = File(("UA17K4M2QX", 100, "1042"));
        _world.World.Clock.Advance(TimeSpan.FromHours(2));

        Assert.IsType<UploadOutcome.Taken>(await TakeAsync(file, day, day));

        var figures = await _world.World.AsTenantAsync<ReconciliationReport, ReconciliationFigures>(report => report.ReadAsync(new ReconciliationQuery(day, day), Cancelled));
        Assert.Equal((1, 0m), (figures.Days[0].Sums.Differences, figures.Days[0].Sums.Awaited));
        Assert.Equal(StatementCoverage.Whole, figures.Days[0].Coverage);
    }

    [Fact]
    public async Task The_days_that_are_claimed_must_hold_all_rows_and_lie_behind_us()
    {
        var file = File(("UA17K4M2QX", 100, "1042"));

        Assert.IsType<UploadOutcome.RowsOutside>(await TakeAsync(file, Today.AddDays(-2), Today.AddDays(-1)));
        Assert.IsType<UploadOutcome.NoSuchPeriod>(await TakeAsync(file, Today, Today.AddDays(-1)));
        Assert.IsType<UploadOutcome.NoSuchPeriod>(await TakeAsync(file, Today.AddDays(1), Today.AddDays(2)));
        Assert.Empty(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task Another_accounts_statement_is_refused_whole()
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", 100, "UA17K4M2QX"));
        await _world.OpenTillAsync();
        var till = (await _world.OwnerAsync()).PaymentAccountId;

        var outcome = await TakeAsync(File(("UA17K4M2QY", 60, "1042"), ("UA17K4M2QX", 100, "1042")), Today, Today, till);

        Assert.Equal("Paybill", Assert.IsType<UploadOutcome.OtherAccount>(outcome).Name);
        Assert.Single(await _world.PaymentsAsync());
    }

    [Fact]
    public async Task Two_who_upload_the_same_file_at_once_book_once()
    {
        var file = File([.. Enumerable.Range(0, 30).Select(i => ($"UA17K4M2{i:D2}", 10m + i, i % 2 == 0 ? "1042" : "nobody's"))]);

        var outcomes = await Task.WhenAll(TakeAsync(file, Today, Today), TakeAsync(file, Today, Today));

        Assert.Equal(30, outcomes.Sum(outcome => Assert.IsType<UploadOutcome.Taken>(outcome).Report.Booked));
        Assert.Equal(file.Sum, (await _world.PaymentsAsync()).Sum(p => p.Amount));
    }

    private Task<UploadOutcome> TakeAsync(StatementFile file, DateOnly from, DateOnly until, Guid? account = null)
        => _world.World.AsTenantAsync<StatementUploads, UploadOutcome>(uploads => uploads.TakeAsync(
            account ?? _account, file, new StatementPeriod(from, until), progress: null, Cancelled));

    private Task<int> PullAsync(PulledRow row) => _world.World.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _account, Cancelled);
        await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(db, account, row, StatementSource.Pull, Cancelled);
        return 0;
    });

    private async Task<PaymentRequest> PaidAsAskedAsync()
    {
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        _world.World.Clock.Advance(TimeSpan.FromHours(1));
        await _world.AskAfterAsync();
        Assert.Null(Assert.Single(await _world.PaymentsAsync()).Receipt);
        return request;
    }

    /// <summary>All of an hour ago.</summary>
    private StatementFile File(params (string Receipt, decimal Amount, string Account)[] rows)
    {
        var time = Now.AddHours(-1).ToOffset(TimeSpan.FromHours(3)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var text = new StringBuilder("Receipt No.,Completion Time,Transaction Status,Paid In,Other Party Info,A/C No.\n");
        foreach (var (receipt, amount, account) in rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"{receipt},{time},Completed,{amount:0.00},2547…678 - JANE WANJIKU,{account}");
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        return StatementFile.TryRead(content, out _)!;
    }
}
