using EasyIsp.Core.Payments;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Testing.Chaos;

/// <summary>
/// A person before the list of suspense. The statement tells the payer's number in full: where it is the phone that was
/// asked for this amount, and that prompt has no receipt, it is its money.
/// </summary>
internal sealed class ChaosStaff(ChaosTown town)
{
    /// <returns>How many found their prompt.</returns>
    public async Task<int> SettleSuspenseAsync(CancellationToken cancellationToken)
    {
        var found = await town.World.ReadAsync(db => (
            from payment in db.Payments
            join request in db.PaymentRequests on new { payment.Amount, Phone = payment.Phone! } equals new { request.Amount, request.Phone }
            where payment.CustomerId == null && payment.SameAsId == null
                && !db.Payments.Any(p => p.PaymentRequestId == request.Id && p.Receipt != null)
            select new { payment.Id, RequestId = request.Id }).ToListAsync(cancellationToken));
        var placed = 0;
        foreach (var pair in found.DistinctBy(pair => pair.Id).DistinctBy(pair => pair.RequestId))
        {
            var outcome = await town.InsistAsync<SuspenseDesk, PlaceOutcome>(
                desk => desk.GiveToRequestAsync(pair.Id, pair.RequestId, "His number, on the statement", cancellationToken), cancellationToken);
            placed += outcome == PlaceOutcome.Placed ? 1 : 0;
        }

        return placed;
    }
}
