using EasyIsp.Core.Auditing;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Vouchers;

/// <summary>
/// Makes guessing codes hopeless. Whoever types is counted by device, network address and router; a code that nobody printed makes
/// a pause that grows, and many of them an alarm.
/// </summary>
public sealed partial class VoucherGuard(
    TenantContext tenant, TryLimiter limits, IspDatabase database, AuditTrail audit, TimeProvider clock, ILogger<VoucherGuard> logger)
{
    /// <summary>Asked before a code is looked up.</summary>
    /// <returns>Null when the try may go on.</returns>
    public Task<LimitRefusal?> RefusesAsync(Redeemer who, CancellationToken cancellationToken) => limits.TakeAsync(
        tenant.Id,
        cancellationToken,
        [
            .. Keys(who, LimitRules.GuessByAddress, LimitRules.GuessByRouter, LimitRules.GuessByDevice),
            .. Keys(who, LimitRules.VoucherByAddress, LimitRules.VoucherByRouter, LimitRules.VoucherByDevice),
        ]);

    /// <summary>The code could have been one, and is none.</summary>
    public async Task CountWrongAsync(Redeemer who, CancellationToken cancellationToken)
    {
        var strikes = await limits.FailAsync(
            cancellationToken, [.. Keys(who, LimitRules.GuessByAddress, LimitRules.GuessByRouter, LimitRules.GuessByDevice)]);
        foreach (var strike in strikes.Where(strike => strike.IsAlarming))
            await RaiseAsync(strike, who, cancellationToken);
    }

    private IEnumerable<LimitKey> Keys(Redeemer who, LimitRule ofAddress, LimitRule ofRouter, LimitRule ofDevice)
    {
        if (who.Address is { } address)
            yield return ofAddress.Of(tenant.Id, address);
        if (who.RouterId is { } router)
            yield return ofRouter.Of(tenant.Id, router.ToString("N"));
        if (who.MacAddress is { } device)
            yield return ofDevice.Of(tenant.Id, device);
    }

    /// <summary>A row that staff see, an entry of the audit log, and a line of the log.</summary>
    private async Task RaiseAsync(LimitStrike strike, Redeemer who, CancellationToken cancellationToken)
    {
        var by = strike.Rule == LimitRules.GuessByDevice ? GuessedBy.Device
            : strike.Rule == LimitRules.GuessByAddress ? GuessedBy.Address : GuessedBy.Router;
        LogGuessing(tenant.Id, by, strike.Failures, who.Address, who.RouterId);
        if (await limits.TakeAsync(tenant.Id, cancellationToken, LimitRules.GuessAlarmByTenant.Of(tenant.Id)) is not null)
            return;

        var now = clock.GetUtcNow();
        await using var db = await database.OpenAsync(cancellationToken);
        await db.GuessingAlarms.Where(a => a.RaisedAt < now - GuessingAlarm.Kept).ExecuteDeleteAsync(cancellationToken);
        var alarm = GuessingAlarm.Raise(tenant.Id, by, strike.Failures, who, now);
        db.GuessingAlarms.Add(alarm);
        audit.Record(db, "voucher.guessing", alarm.Id, new { By = $"{by}", WrongCodes = strike.Failures, who.MacAddress, From = who.Address?.ToString(), who.RouterId });
        await db.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Somebody guesses voucher codes of tenant {TenantId}: {Count} wrong ones, counted by {By}, from {Address} at router {RouterId}")]
    private partial void LogGuessing(Guid tenantId, GuessedBy by, int count, System.Net.IPAddress? address, Guid? routerId);
}
