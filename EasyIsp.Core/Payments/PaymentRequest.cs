using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>
/// One prompt on one phone for one amount. The row is written before anything is sent, and is asked after
/// until it is settled (mpesa.md, 3.10).
/// </summary>
public sealed class PaymentRequest : TenantEntity
{
    public const int MaxAskedByLength = 120;

    private PaymentRequest() { }

    public Guid PaymentAccountId { get; private set; }
    public Guid CustomerId { get; private set; }

    /// <summary>What the money is to buy; null fills the wallet.</summary>
    public Guid? PackageId { get; private set; }

    public decimal Amount { get; private set; }

    /// <summary>
    /// What the provider is told as account (<see cref="PromptReference"/>), so that a confirmation names the request; null
    /// at a bank's Paybill, where it is the account there, and for requests from before there were any.
    /// </summary>
    public string? Reference { get; private set; }

    /// <summary>E.164, of the phone that gets the prompt.</summary>
    public string Phone { get; private set; } = null!;

    /// <summary>Where the payer's device waits, so that it can be brought online once the money is there.</summary>
    public Guid? RouterId { get; private set; }

    public string? DeviceMac { get; private set; }

    /// <summary>What the payer was doing when he was asked, as a hotspot visit: he is shown the state there.</summary>
    public Guid? OriginId { get; private set; }

    public IPAddress? DeviceAddress { get; private set; }

    /// <summary>Who of the staff asked; null when the payer did so himself.</summary>
    public string? AskedBy { get; private set; }

    public PaymentRequestState State { get; private set; }

    /// <summary>The provider's other name for it, where it has two.</summary>
    public string? MerchantRequestId { get; private set; }

    /// <summary>
    /// What the provider is asked by: its own name for the request, known with its answer; or ours, where it takes one
    /// (<see cref="Providers.IPaymentProvider.NewReference"/>), known from the start.
    /// </summary>
    public string? CheckoutRequestId { get; private set; }

    /// <summary>The provider's result code as text; some are no numbers (<c>SFC_IC0003</c>).</summary>
    public string? ResultCode { get; private set; }

    public string? ResultText { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? SubmittedAt { get; private set; }
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>When the provider is asked next; null when there is nothing left to ask.</summary>
    public DateTimeOffset? NextQueryAt { get; private set; }

    public int Queries { get; private set; }

    /// <param name="checkoutRequestId">Null where the provider gives the name.</param>
    internal static PaymentRequest Create(
        PaymentAccount account, Guid customerId, PromptOrder order, decimal amount, string? reference, string? checkoutRequestId, DateTimeOffset now) => new()
    {
        TenantId = account.TenantId,
        Id = order.Id ?? Guid.CreateVersion7(now),
        PaymentAccountId = account.Id,
        CustomerId = customerId,
        PackageId = order.PackageId,
        Amount = amount,
        Reference = reference,
        CheckoutRequestId = checkoutRequestId,
        Phone = order.Phone,
        OriginId = order.OriginId,
        RouterId = order.Device?.RouterId,
        DeviceMac = order.Device?.Device.MacAddress,
        DeviceAddress = order.Device?.Device.Address,
        AskedBy = order.AskedBy,
        State = PaymentRequestState.Created,
        CreatedAt = now,
    };

    /// <summary>Whether it is this order, sent before. What a package cost then is not looked at.</summary>
    internal bool Asks(Guid customerId, PromptOrder order, decimal amount)
        => (CustomerId, Phone, PackageId) == (customerId, order.Phone, order.PackageId) && (PackageId is not null || Amount == amount);

    /// <summary>The states in which the payer may still be looking at a prompt.</summary>
    public static bool IsOpen(PaymentRequestState state) => state is PaymentRequestState.Created or PaymentRequestState.Submitting
        or PaymentRequestState.SubmittedUnknown or PaymentRequestState.Pending;

    /// <summary>It was claimed, and could not be read: nothing was sent, so that it may be. Who has claimed it since keeps it.</summary>
    internal void PutBack(DateTimeOffset claimedAt)
    {
        // The database keeps microseconds.
        if (State == PaymentRequestState.Submitting && (SubmittedAt - claimedAt)?.Duration() < TimeSpan.FromMilliseconds(1))
            (State, SubmittedAt) = (PaymentRequestState.Created, null);
    }

    internal void Accepted(string? merchantRequestId, string checkoutRequestId, DateTimeOffset now)
    {
        (MerchantRequestId, CheckoutRequestId) = (merchantRequestId, checkoutRequestId);
        // A callback can be faster than the answer to the submission; what it said stands. An answer that nobody waited for
        // any more names the prompt all the same, so that it can be asked after.
        if (State is PaymentRequestState.Submitting or PaymentRequestState.SubmittedUnknown)
            (State, NextQueryAt) = (PaymentRequestState.Pending, QuerySchedule.After(SubmittedAt ?? now, queries: 0));
    }

    /// <summary>Also when nobody waited for the answer any more: no prompt appeared.</summary>
    internal void Rejected(string code, string text, DateTimeOffset now)
    {
        if (State is PaymentRequestState.Submitting or PaymentRequestState.SubmittedUnknown)
            (State, ResultCode, ResultText, SettledAt, NextQueryAt) = (PaymentRequestState.Rejected, code, text, now, null);
    }

    /// <summary>The payer may have the prompt: asked after, where the provider has a name for it.</summary>
    internal void OutcomeUnknown(string reason, DateTimeOffset now)
    {
        if (State != PaymentRequestState.Submitting)
            return;

        (State, ResultText) = (PaymentRequestState.SubmittedUnknown, reason);
        if (CheckoutRequestId is not null)
            NextQueryAt = QuerySchedule.After(SubmittedAt ?? now, queries: 0);
    }

    /// <summary>From any state: money that came late came all the same.</summary>
    internal void Paid(DateTimeOffset now)
        => (State, ResultCode, ResultText, SettledAt, NextQueryAt) = (PaymentRequestState.Paid, "0", null, now, null);

    internal void Failed(string code, string text, DateTimeOffset now)
        => (State, ResultCode, ResultText, SettledAt, NextQueryAt) = (PaymentRequestState.Failed, code, text, now, null);

    /// <summary>
    /// Learnt from a callback that came to this attempt's address before the submission was answered. Where that answer is
    /// lost it can be asked after from now on, should the callback settle nothing.
    /// </summary>
    internal void KnownAs(string merchantRequestId, string checkoutRequestId)
    {
        (MerchantRequestId, CheckoutRequestId) = (MerchantRequestId ?? merchantRequestId, CheckoutRequestId ?? checkoutRequestId);
        if (State == PaymentRequestState.SubmittedUnknown)
            NextQueryAt ??= QuerySchedule.After(SubmittedAt ?? CreatedAt, Queries);
    }

    /// <summary>The provider was asked and did not know; asks again later, or no more.</summary>
    internal void AskAgain(DateTimeOffset now)
    {
        Queries++;
        NextQueryAt = QuerySchedule.After(SubmittedAt ?? CreatedAt, Queries) is { } next ? (next > now ? next : now) : null;
        if (NextQueryAt is null)
            (State, SettledAt) = (PaymentRequestState.Expired, now);
    }
}

/// <summary>What is asked of a payer.</summary>
/// <param name="PackageId">Null fills the wallet.</param>
/// <param name="Phone">E.164.</param>
/// <param name="OriginId">The hotspot visit, so that the payer sees the state there.</param>
/// <param name="Rail">By which he wants to pay; null by whichever the newest account has.</param>
public sealed record PromptOrder(Guid? PackageId, string Phone, WaitingDevice? Device = null, Guid? OriginId = null, Rail? Rail = null)
{
    /// <summary>Of the request to be, where a form chose it.</summary>
    public Guid? Id { get; init; }

    /// <summary>Who of the staff asks; null when the payer does so himself.</summary>
    public string? AskedBy { get; init; }

    /// <summary>Where the payer is, so that the money goes by that router's own account: with his device, unless it has no address yet.</summary>
    public Guid? RouterId { get => field ?? Device?.RouterId; init; }
}

/// <summary>When a silent request is asked after (mpesa.md, 3.10): soon while the payer waits, then ever more rarely.</summary>
internal static class QuerySchedule
{
    private static readonly TimeSpan[] Ages =
    [
        TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60),
        TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(150), TimeSpan.FromSeconds(300),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(3),
    ];

    /// <returns>Null when there is no point in asking once more.</returns>
    public static DateTimeOffset? After(DateTimeOffset submittedAt, int queries)
        => queries < Ages.Length ? submittedAt + Ages[queries] : null;
}

/// <summary>A device that waits at a router's hotspot.</summary>
public sealed record WaitingDevice(Guid RouterId, DeviceAtHotspot Device);

/// <summary>The life of a prompt. <see cref="Failed"/> and <see cref="Expired"/> may still become <see cref="Paid"/>: a callback can be late.</summary>
public enum PaymentRequestState
{
    Created,
    Submitting,

    /// <summary>The provider refused it at once; no prompt appeared.</summary>
    Rejected,

    /// <summary>No answer to the submission: the payer may see a prompt. Never sent again.</summary>
    SubmittedUnknown,

    /// <summary>The provider accepted it; the payer has the prompt.</summary>
    Pending,
    Paid,
    Failed,

    /// <summary>Asked after to the end without an answer.</summary>
    Expired,
}

internal sealed class PaymentRequestConfiguration : IEntityTypeConfiguration<PaymentRequest>
{
    public void Configure(EntityTypeBuilder<PaymentRequest> request)
    {
        request.ToTable("payment_requests", table => table.HasCheckConstraint("ck_payment_requests_amount", "amount > 0"));
        request.Property(r => r.Phone).HasMaxLength(PhoneNumber.MaxLength);
        request.Property(r => r.Reference).HasMaxLength(PromptReference.MaxLength);
        request.Property(r => r.DeviceMac).HasMaxLength(MacAddress.TextLength);
        request.Property(r => r.MerchantRequestId).HasMaxLength(64);
        request.Property(r => r.CheckoutRequestId).HasMaxLength(64);
        request.Property(r => r.AskedBy).HasMaxLength(PaymentRequest.MaxAskedByLength);
        request.Property(r => r.ResultCode).HasMaxLength(40);
        request.Property(r => r.ResultText).HasMaxLength(300);
        request.References<PaymentRequest, PaymentAccount>(nameof(PaymentRequest.PaymentAccountId));
        request.References<PaymentRequest, Customer>(nameof(PaymentRequest.CustomerId));
        request.References<PaymentRequest, Package>(nameof(PaymentRequest.PackageId));
        request.HasIndex(r => new { r.TenantId, r.CheckoutRequestId }).IsUnique();
        request.HasIndex(r => new { r.TenantId, r.Reference }).IsUnique();
        request.HasIndex(r => new { r.TenantId, r.CreatedAt });
        request.HasIndex(r => new { r.TenantId, r.State, r.CreatedAt });
        request.HasIndex(r => new { r.TenantId, r.Amount, r.CreatedAt });
        request.HasIndex(r => new { r.TenantId, r.CustomerId });
        request.HasIndex(r => new { r.TenantId, r.OriginId });
        // What the asking-after job looks for, over all tenants.
        request.HasIndex(r => r.NextQueryAt).HasFilter("next_query_at is not null");
        request.HasIndex(r => r.CreatedAt).HasFilter("state in ('Created', 'Submitting', 'SubmittedUnknown')");
    }
}
