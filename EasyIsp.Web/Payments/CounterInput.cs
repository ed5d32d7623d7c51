using EasyIsp.Core.Payments;

namespace EasyIsp.Web.Payments;

/// <summary>What the fields of the form for cash, cheques and bank deposits hold.</summary>
/// <param name="id">Of the payment to be: however often the form is sent, it is written down once.</param>
public sealed class CounterInput(Guid id, DateOnly today)
{
    public Guid AccountId { get; set; }
    public decimal? Amount { get; set; }

    public DateOnly? Day { get; set; } = today;

    public string? Reference { get; set; }
    public string? Note { get; set; }

    public CounterPayment ToPayment(Guid customerId) => new(
        id,
        customerId,
        AccountId,
        Amount ?? 0,
        Day ?? DateOnly.MinValue,
        Reference,
        string.IsNullOrWhiteSpace(Note) ? null : Note.Trim());
}
