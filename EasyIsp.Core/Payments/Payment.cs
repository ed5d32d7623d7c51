using System.Linq.Expressions;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments;

/// <summary>
/// Money that came: asked for by a prompt, sent by a customer by himself, or taken by staff. Its journal entry is written in the same
/// transaction; what moves it afterwards is an <see cref="Allocation"/>.
/// </summary>
public sealed class Payment : TenantEntity
{
    public const int MaxTakenByLength = 120;

    private Payment() { }

    public Guid PaymentAccountId { get; private set; }

    /// <summary>The prompt that asked for it; null when the customer paid by himself, as far as is known.</summary>
    public Guid? PaymentRequestId { get; private set; }

    /// <summary>Whose it is; null while it waits in suspense.</summary>
    public Guid? CustomerId { get; private set; }

    /// <summary>
    /// The provider's own number of the payment. Null while only a query said that it was paid: a query names no
    /// receipt (mpesa.md, 3.7), callback or confirmation bring it later.
    /// </summary>
    public string? Receipt { get; private set; }

    public decimal Amount { get; private set; }

    /// <summary>E.164, where it was told in full.</summary>
    public string? Phone { get; private set; }

    /// <summary>What the payer typed as account.</summary>
    public string? TypedAccount { get; private set; }

    /// <summary>The payer's number as it was told most clearly: in full, masked or hashed.</summary>
    public string? PayerNumber { get; private set; }

    public string? PayerName { get; private set; }

    /// <summary>When the payer paid, by the provider's clock where it said so.</summary>
    public DateTimeOffset PaidAt { get; private set; }

    public DateTimeOffset RecordedAt { get; private set; }

    /// <summary>The payment that this one turned out to be: the same money, told twice without a common number.</summary>
    public Guid? SameAsId { get; private set; }

    /// <summary>The number of the slip, cheque or receipt by which staff wrote it down; null of what a provider told.</summary>
    public string? Reference { get; private set; }

    /// <summary>Who of the staff wrote it down.</summary>
    public string? TakenBy { get; private set; }

    public string? Note { get; private set; }

    /// <summary>When staff took the entry back: the money did not come after all.</summary>
    public DateTimeOffset? ReversedAt { get; private set; }

    /// <summary>What people know it by; null while a provider's receipt is still to come.</summary>
    public string? Number => Receipt ?? Reference;

    /// <summary>While a refund is under way too. More than its amount where the provider gave it back twice.</summary>
    public decimal GivenBack { get; private set; }

    public bool IsInSuspense => CustomerId is null && SameAsId is null && GivenBack == 0;

    /// <summary><see cref="IsInSuspense"/>, for queries.</summary>
    internal static Expression<Func<Payment, bool>> WaitsInSuspense { get; } = p => p.CustomerId == null && p.SameAsId == null && p.GivenBack == 0;

    /// <summary>A prompt's, whose receipt came without an account, as at a till or by a claim.</summary>
    internal bool IsGuess => PaymentRequestId is not null && TypedAccount is null && PayerNumber is not null;

    internal static Payment Record(PaymentRequest request, PaidEvidence evidence, DateTimeOffset now)
    {
        var payment = new Payment
        {
            TenantId = request.TenantId,
            Id = Guid.CreateVersion7(now),
            PaymentAccountId = request.PaymentAccountId,
            PaymentRequestId = request.Id,
            CustomerId = request.CustomerId,
            Receipt = evidence.Receipt,
            Amount = request.Amount,
            Phone = request.Phone,
            PaidAt = evidence.PaidAt ?? now,
            RecordedAt = now,
        };
        payment.Learn(evidence.Confirmation);
        return payment;
    }

    /// <summary>Money that no prompt asked for.</summary>
    /// <param name="customerId">Null is suspense.</param>
    internal static Payment Deposit(
        PaymentAccount account, string receipt, decimal amount, DateTimeOffset? paidAt, C2bConfirmation? confirmation, Guid? customerId, DateTimeOffset now)
    {
        var payment = new Payment
        {
            TenantId = account.TenantId,
            Id = Guid.CreateVersion7(now),
            PaymentAccountId = account.Id,
            CustomerId = customerId,
            Receipt = receipt,
            Amount = amount,
            PaidAt = paidAt ?? now,
            RecordedAt = now,
        };
        payment.Learn(confirmation);
        return payment;
    }

    internal static Payment Taken(
        PaymentAccount account, CounterPayment taken, string reference, DateTimeOffset paidAt, string by, DateTimeOffset now) => new()
    {
        TenantId = account.TenantId,
        Id = taken.Id,
        PaymentAccountId = account.Id,
        CustomerId = taken.CustomerId,
        Reference = reference,
        Amount = taken.Amount,
        Note = string.IsNullOrWhiteSpace(taken.Note) ? null : taken.Note.Trim(),
        TakenBy = by,
        PaidAt = paidAt,
        RecordedAt = now,
    };

    /// <summary>Whether it is what staff wrote down so; a reference that was left out is no other.</summary>
    internal bool WasTakenAs(CounterPayment taken)
        => TakenBy is not null && (PaymentAccountId, CustomerId, Amount) == (taken.AccountId, taken.CustomerId, taken.Amount)
            && (taken.Number is not { } number || number == Reference);

    /// <param name="amount">Negative where a refund came to nothing.</param>
    internal void GiveBack(decimal amount) => GivenBack += amount;

    internal void Reverse(DateTimeOffset now) => ReversedAt = now;

    /// <summary>Callback or confirmation came after a query had said that it was paid.</summary>
    internal void Enrich(string receipt, DateTimeOffset? paidAt) => (Receipt, PaidAt) = (receipt, paidAt ?? PaidAt);

    /// <summary>What a confirmation tells of the payer; nothing that is known is forgotten.</summary>
    internal void Learn(C2bConfirmation? confirmation)
    {
        if (confirmation is null)
            return;

        TypedAccount ??= confirmation.Account;
        PayerNumber = Payments.PayerNumber.Clearer(PayerNumber, confirmation.PayerNumber);
        PayerName ??= confirmation.PayerName;
        Phone ??= Payments.PayerNumber.InFull(confirmation.PayerNumber);
    }

    internal void LearnFrom(Payment other)
        => (TypedAccount, PayerNumber, PayerName) = (TypedAccount ?? other.TypedAccount, Payments.PayerNumber.Clearer(PayerNumber, other.PayerNumber), PayerName ?? other.PayerName);

    internal void Asked(PaymentRequest request) => (PaymentRequestId, Phone) = (request.Id, Phone ?? request.Phone);

    internal void Belongs(Guid? customerId) => CustomerId = customerId;

    /// <summary>The confirmation that brought the receipt told of somebody else's money.</summary>
    internal Deposit GiveUpReceipt()
    {
        var confirmation = new C2bConfirmation
        {
            Receipt = Receipt!, Amount = Amount, ShortCode = "", PaidAt = PaidAt, PayerNumber = PayerNumber, PayerName = PayerName,
        };
        (Receipt, PayerNumber, PayerName) = (null, null, null);
        return Payments.Deposit.Of(confirmation);
    }

    /// <returns>The receipt, which is the other's from now on.</returns>
    internal string? IsSameAs(Payment other)
    {
        var receipt = Receipt;
        (SameAsId, CustomerId, Receipt) = (other.Id, null, null);
        return receipt;
    }
}

/// <summary>Why a request is believed to be paid: a query (no receipt), a callback, or a confirmation.</summary>
/// <param name="Receipt">Null when only a query said so.</param>
/// <param name="Confirmation">Null for callback and query.</param>
public sealed record PaidEvidence(string? Receipt, DateTimeOffset? PaidAt, C2bConfirmation? Confirmation = null)
{
    /// <summary>It says which request was paid: a callback does, and a confirmation that names an account.</summary>
    internal bool NamesRequest => Receipt is not null && Confirmation is null or { Account: not null };

    /// <summary>Whose word it is.</summary>
    public Rail Rail { get; init; } = Rail.Mpesa;

    /// <summary>What the books say of money that came before and is the request's from now on.</summary>
    public AllocationGrounds Grounds
    {
        get => field ?? new AllocationGrounds(Rail.Label(), "Named by the provider as the payment of a request");
        init;
    }
}

internal sealed class PaymentConfiguration : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> payment)
    {
        payment.ToTable("payments", table =>
        {
            table.HasCheckConstraint("ck_payments_amount", "amount > 0");
            table.HasCheckConstraint("ck_payments_given_back", "given_back >= 0");
            // What staff write down is a customer's from the start, and within their limit.
            table.HasCheckConstraint("ck_payments_taken", """
                case when reference is null then num_nonnulls(taken_by, note, reversed_at) = 0
                else taken_by is not null and customer_id is not null and num_nonnulls(receipt, payment_request_id, same_as_id) = 0 and amount <= 10000000 end
                """);
            table.HasCheckConstraint("ck_payments_same_as", "same_as_id is null or (customer_id is null and payment_request_id is null and receipt is null)");
        });
        payment.HasKey(p => new { p.TenantId, p.Id }).HasName("pk_payments"); // else named as a key of the table that refers to itself
        payment.Property(p => p.Receipt).HasMaxLength(Receipts.MaxLength);
        payment.Property(p => p.Phone).HasMaxLength(PhoneNumber.MaxLength);
        payment.Property(p => p.TypedAccount).HasMaxLength(C2bConfirmation.MaxAccountLength);
        payment.Property(p => p.PayerNumber).HasMaxLength(C2bConfirmation.MaxPayerNumberLength);
        payment.Property(p => p.PayerName).HasMaxLength(C2bConfirmation.MaxPayerNameLength);
        payment.Property(p => p.Reference).HasMaxLength(CounterRules.MaxReferenceLength);
        payment.Property(p => p.TakenBy).HasMaxLength(Payment.MaxTakenByLength);
        payment.Property(p => p.Note).HasMaxLength(CounterRules.MaxNoteLength);
        payment.References<Payment, PaymentAccount>(nameof(Payment.PaymentAccountId));
        payment.References<Payment, PaymentRequest>(nameof(Payment.PaymentRequestId));
        payment.References<Payment, Customer>(nameof(Payment.CustomerId));
        payment.References<Payment, Payment>(nameof(Payment.SameAsId));
        // One receipt, one payment; one prompt, one payment: whatever comes twice is refused here at the latest.
        payment.HasIndex(p => new { p.TenantId, p.Receipt }).IsUnique();
        payment.HasIndex(p => new { p.TenantId, p.PaymentRequestId }).IsUnique();
        // One slip, one payment, as long as it stands.
        payment.HasIndex(p => new { p.TenantId, p.Reference, p.PaymentAccountId }, "ix_payments_reference").IsUnique()
            .HasDatabaseName("ix_payments_reference").HasFilter("reference is not null and reversed_at is null");
        payment.HasIndex(p => new { p.TenantId, p.Reference }).HasFilter("reference is not null");
        payment.HasIndex(p => new { p.TenantId, p.PaidAt }, "ix_payments_taken").HasDatabaseName("ix_payments_taken").HasFilter("reference is not null");
        payment.HasIndex(p => new { p.TenantId, p.PaidAt }, "ix_payments_reversed").HasDatabaseName("ix_payments_reversed").HasFilter("reversed_at is not null");
        payment.HasIndex(p => new { p.TenantId, p.RecordedAt });
        payment.HasIndex(p => new { p.TenantId, p.PaidAt });
        payment.HasIndex(p => new { p.TenantId, p.CustomerId });
        payment.HasIndex(p => new { p.TenantId, p.PaymentAccountId, p.RecordedAt });
        payment.HasIndex(p => new { p.TenantId, p.RecordedAt }, "ix_payments_given_back").HasDatabaseName("ix_payments_given_back").HasFilter("given_back > 0");
        // What customers paid by themselves, and of that what waits in suspense.
        payment.HasIndex(p => new { p.TenantId, p.PaidAt }, "ix_payments_deposits").HasDatabaseName("ix_payments_deposits").HasFilter("payment_request_id is null");
        payment.HasIndex(p => new { p.TenantId, p.Amount, p.PaidAt }, "ix_payments_deposits_amount").HasDatabaseName("ix_payments_deposits_amount").HasFilter("payment_request_id is null");
        payment.HasIndex(p => new { p.TenantId, p.PaidAt }, "ix_payments_suspense").HasDatabaseName("ix_payments_suspense").HasFilter("customer_id is null and same_as_id is null and given_back = 0");
        // What a confirmation without account may be about: told by a query, the receipt still to come.
        payment.HasIndex(p => new { p.TenantId, p.Amount }).HasFilter("receipt is null and same_as_id is null and reference is null");
    }
}
