using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Persistence;
using EasyIsp.Portal.Hosting;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Portal.Payments;

/// <summary>The purchases of a visit. A request of another visit does not exist here, whoever asks.</summary>
internal sealed class Purchases(
    IspDatabase database, HotspotVisits visits, HotspotAccess access, PortalMetrics metrics, TimeProvider clock)
{
    /// <summary>Safaricom gives up after about a minute; longer than this nobody should stand and stare.</summary>
    internal static readonly TimeSpan PayersPatience = TimeSpan.FromSeconds(120);

    /// <summary>How long the router's API may take before the browser tries for itself.</summary>
    internal static readonly TimeSpan RoutersPatience = TimeSpan.FromSeconds(6);

    /// <returns>Null when the visit has no such purchase.</returns>
    public async Task<PurchaseView?> FindAsync(HotspotVisit visit, Guid requestId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(visit, requestId, cancellationToken) is not { PackageId: { } packageId } request)
            return null;
        if (request.State != PaymentRequestState.Paid)
        {
            var (stage, message) = StageOf(request);
            return new PurchaseView(stage, request.Id, packageId, request.Amount, request.Phone, message, Access: null);
        }

        var payer = await RememberPayerAsync(visit, request, cancellationToken);
        var now = await access.OfAsync(payer, cancellationToken);
        return new PurchaseView(
            await StageOfPaidAsync(visit, request, now, cancellationToken), request.Id, packageId, request.Amount, request.Phone, null, now);
    }

    /// <returns>The phone that an earlier attempt of this visit went to; null when there is no such attempt.</returns>
    public async Task<string?> PhoneOfAsync(HotspotVisit visit, Guid requestId, CancellationToken cancellationToken)
        => (await ReadAsync(visit, requestId, cancellationToken))?.Phone;

    private async Task<PaymentRequest?> ReadAsync(HotspotVisit visit, Guid requestId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.PaymentRequests.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == requestId && r.OriginId == visit.Id, cancellationToken);
    }

    private (PurchaseStage, PayerMessage?) StageOf(PaymentRequest request) => request.State switch
    {
        PaymentRequestState.Failed => (PurchaseStage.NotPaid, StkResultCode.Of(request.ResultCode ?? "").Message),
        PaymentRequestState.Rejected => (PurchaseStage.NotPaid, MessageOf(request.ResultCode)),
        PaymentRequestState.Expired when request.SubmittedAt is null => (PurchaseStage.NotPaid, PayerMessage.PromptNotSent),
        PaymentRequestState.Expired => (PurchaseStage.StillLooking, null),
        _ when clock.GetUtcNow() - request.CreatedAt >= PayersPatience => (PurchaseStage.StillLooking, null),
        _ => (PurchaseStage.Waiting, null),
    };

    private static PayerMessage MessageOf(string? refusal) => Enum.TryParse<ProviderRefusal>(refusal, out var kind)
        ? kind switch
        {
            ProviderRefusal.SubscriberBusy => PayerMessage.PromptAlreadyOpen,
            ProviderRefusal.Throttled or ProviderRefusal.Unavailable => PayerMessage.ServiceBusy,
            ProviderRefusal.Credentials or ProviderRefusal.Configuration => PayerMessage.ProviderNotSetUp,
            _ => PayerMessage.PromptNotSent,
        }
        : PayerMessage.PromptNotSent;

    /// <summary>The money came from this visit, so its device may use what it bought.</summary>
    private async Task<HotspotVisit> RememberPayerAsync(HotspotVisit visit, PaymentRequest request, CancellationToken cancellationToken)
    {
        if (visit.CustomerId == request.CustomerId)
            return visit;

        await visits.RememberCustomerAsync(visit.Key, request.CustomerId, cancellationToken);
        metrics.Paid();
        return await visits.FindAsync(visit.Key, cancellationToken) ?? visit;
    }

    private async Task<PurchaseStage> StageOfPaidAsync(
        HotspotVisit visit, PaymentRequest request, AccessNow? now, CancellationToken cancellationToken)
    {
        if (now is { IsOnline: true })
            return PurchaseStage.Online;
        if (now is not { IsUsable: true })
            return PurchaseStage.Paid;
        if (clock.GetUtcNow() - request.SettledAt < RoutersPatience && await RouterIsToldAsync(request, cancellationToken))
            return PurchaseStage.BringingOnline;

        return visit is { MacAddress: not null, LinkLoginOnly: not null } ? PurchaseStage.GoOnline : PurchaseStage.Paid;
    }

    private async Task<bool> RouterIsToldAsync(PaymentRequest request, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await (
            from order in db.NetworkOrders
            join router in db.Routers on order.RouterId equals router.Id
            where order.CauseId == request.Id && order.State != NetworkOrderState.Failed && router.Api != null
            select order.Id).AnyAsync(cancellationToken);
    }
}
