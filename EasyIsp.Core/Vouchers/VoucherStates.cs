using System.Linq.Expressions;

namespace EasyIsp.Core.Vouchers;

/// <summary><see cref="Voucher.StateOf"/> as conditions that the database understands.</summary>
internal static class VoucherStates
{
    public static Expression<Func<Voucher, bool>> Are(VoucherState state, DateTimeOffset now) => state switch
    {
        VoucherState.Used => v => v.RedeemedAt != null,
        VoucherState.Revoked => v => v.RevokedAt != null,
        VoucherState.Expired => v => v.RedeemedAt == null && v.RevokedAt == null && v.ExpiresAt <= now,
        VoucherState.Available => v => v.RedeemedAt == null && v.RevokedAt == null && v.ExpiresAt > now,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}
