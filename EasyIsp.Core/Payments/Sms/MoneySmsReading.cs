using System.Globalization;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// Makes something of one stored SMS: a hint, as a rule. One transaction, so a crash anywhere leaves the message waiting and
/// nothing half done.
/// </summary>
public sealed partial class MoneySmsReading(
    IspDatabase database, MoneySmsBooking booking, MoneySmsMetrics metrics, TimeProvider clock, ILogger<MoneySmsReading> logger)
{
    /// <returns>Null when the message was read already, or is being read by somebody else.</returns>
    public async Task<MoneySmsOutcome?> ReadAsync(Guid smsId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var sms = await db.MoneySms
            .FromSql($"""
                select * from money_sms
                where tenant_id = {db.CurrentTenantId} and id = {smsId} and processed_at is null for update skip locked
                """)
            .SingleOrDefaultAsync(cancellationToken);
        if (sms is null)
            return null;

        var (outcome, note) = await UnderstandAsync(db, sms, cancellationToken);
        sms.Processed(outcome, note?.Truncate(300), clock.GetUtcNow());
        await db.CommitAsync(cancellationToken);
        metrics.Read(sms.Kind, outcome);
        if (outcome is MoneySmsOutcome.Differs or MoneySmsOutcome.ReceiptTaken or MoneySmsOutcome.Reversal)
            LogForAPerson(smsId, outcome);
        return outcome;
    }

    private async Task<(MoneySmsOutcome, string? Note)> UnderstandAsync(IspDbContext db, MoneySms sms, CancellationToken cancellationToken)
    {
        if (sms.Text is not { } text)
            return (MoneySmsOutcome.Malformed, "No text of an SMS could be found in what was sent.");

        var own = await db.SmsTemplates.AsNoTracking().OrderBy(t => t.Priority).ThenBy(t => t.Id).ToListAsync(cancellationToken);
        switch (SmsReader.Read(text, sms.Sender, own.Select(template => template.Compile())))
        {
            case SmsReading.Read { Facts: var facts }:
                sms.Understood(facts);
                return await WeighAsync(db, sms, facts, cancellationToken);
            case SmsReading.NotRead unread:
                return (MoneySmsOutcome.NotRecognised, unread.Reason);
            default:
                throw new InvalidOperationException("No such reading.");
        }
    }

    private async Task<(MoneySmsOutcome, string?)> WeighAsync(IspDbContext db, MoneySms sms, SmsFacts facts, CancellationToken cancellationToken) => facts switch
    {
        { Kind: MoneySmsKind.Nothing } => (MoneySmsOutcome.Nothing, null),
        { Kind: MoneySmsKind.Reversal } => (MoneySmsOutcome.Reversal, $"It says that {facts.OriginalReceipt} was reversed."),
        { Family: null } => (MoneySmsOutcome.LookUp, null),
        _ => await MoneyAsync(db, sms, facts, cancellationToken),
    };

    private async Task<(MoneySmsOutcome, string?)> MoneyAsync(IspDbContext db, MoneySms sms, SmsFacts facts, CancellationToken cancellationToken)
    {
        await PaymentRows.LockReceiptAsync(db, facts.Receipt!, cancellationToken);
        if (await db.Payments.Where(p => p.Receipt == facts.Receipt).Select(p => (decimal?)p.Amount).SingleOrDefaultAsync(cancellationToken) is { } booked)
        {
            if (booked != facts.Amount)
                return (MoneySmsOutcome.Differs, string.Create(CultureInfo.InvariantCulture, $"It says {facts.Amount}; {booked} is booked for its receipt."));

            if (await ProvidersWord.IsThereAsync(db, facts.Receipt!, cancellationToken))
                sms.Confirmed(clock.GetUtcNow());
            return (sms.BookedAt is null ? MoneySmsOutcome.Hint : MoneySmsOutcome.Booked, null);
        }

        return await booking.ByPolicyAsync(db, sms, facts, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "SMS {SmsId} needs a person: {Outcome}")]
    private partial void LogForAPerson(Guid smsId, MoneySmsOutcome outcome);
}
