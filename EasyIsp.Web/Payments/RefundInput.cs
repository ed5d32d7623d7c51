using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Payments;

/// <summary>What the fields of the refund's form hold.</summary>
/// <param name="id">One for the form, so that sending it twice gives back once.</param>
public sealed class RefundInput(Guid id, RefundChoice choice)
{
    public RefundWay Way { get; set; } = choice.Ways.FirstOrDefault();
    public decimal? Amount { get; set; } = choice.Left;
    public string? Phone { get; set; } = choice.Payment.Phone;
    public bool EndsAccess { get; set; } = choice is { Bought: not null, Wallet: { } wallet } && wallet < choice.Left;
    public string? Reason { get; set; }

    /// <param name="country">How the phone is read.</param>
    public RefundDraft ToDraft(string country) => new(
        id, choice.Payment.Id, Amount ?? 0, Way, Reason ?? "", PhoneNumber.Normalize(Phone, country) ?? Phone, EndsAccess);
}
