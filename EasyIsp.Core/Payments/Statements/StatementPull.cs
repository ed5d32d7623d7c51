using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Statements;

/// <summary>That what came to an account is pulled from the provider, how, and how far that is (mpesa.md, 10).</summary>
public sealed class StatementPull : TenantEntity
{
    /// <summary>The provider keeps 48 hours; a little less, since clocks differ.</summary>
    internal static readonly TimeSpan Reach = TimeSpan.FromHours(48) - TimeSpan.FromMinutes(2);

    private StatementPull() { }

    public Guid PaymentAccountId { get; private set; }

    /// <summary>E.164, of the short code's KYC record.</summary>
    public string NominatedNumber { get; private set; } = null!;

    /// <summary>What came before is another system's, and never pulled.</summary>
    public DateTimeOffset RegisteredAt { get; private set; }

    /// <summary>The question goes by GET instead of POST.</summary>
    public bool ByGet { get; private set; }

    /// <summary>How the times of the rows are meant.</summary>
    public PullZone Zone { get; private set; }

    /// <summary>When a row told another time, by just the hours between the two zones, than the provider had told before.</summary>
    public DateTimeOffset? ZoneDoubtedAt { get; private set; }

    /// <summary>Until when everything was pulled.</summary>
    public DateTimeOffset? PulledTo { get; private set; }

    public DateTimeOffset? FailedAt { get; private set; }

    /// <summary>Why the last pull failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    internal static StatementPull Of(PaymentAccount account, DateTimeOffset now) => new()
    {
        TenantId = account.TenantId,
        Id = Guid.CreateVersion7(now),
        PaymentAccountId = account.Id,
        RegisteredAt = now,
    };

    internal void Nominate(string number) => NominatedNumber = number;

    internal void Settle(bool byGet, PullZone zone) => (ByGet, Zone, ZoneDoubtedAt) = (byGet, zone, zone == Zone ? ZoneDoubtedAt : null);

    internal void DoubtZone(DateTimeOffset now) => ZoneDoubtedAt ??= now;

    /// <summary>The last hours once more, and whatever a silence before them left out.</summary>
    internal DateTimeOffset From(DateTimeOffset now, TimeSpan window)
    {
        var from = now - window;
        if (PulledTo is not { } pulledTo || pulledTo < from)
            from = PulledTo ?? RegisteredAt;
        from = from < now - Reach ? now - Reach : from;
        return from < RegisteredAt ? RegisteredAt : from;
    }

    internal void Pulled(DateTimeOffset to) => (PulledTo, Failure, FailedAt) = (to, null, null);

    internal void Failed(string reason, DateTimeOffset now) => (Failure, FailedAt) = (reason.Truncate(200), now);
}

internal sealed class StatementPullConfiguration : IEntityTypeConfiguration<StatementPull>
{
    public void Configure(EntityTypeBuilder<StatementPull> pull)
    {
        pull.ToTable("statement_pulls");
        pull.Property(p => p.NominatedNumber).HasMaxLength(PhoneNumber.MaxLength);
        pull.Property(p => p.Failure).HasMaxLength(200);
        pull.References<StatementPull, PaymentAccount>(nameof(StatementPull.PaymentAccountId));
        pull.HasIndex(p => new { p.TenantId, p.PaymentAccountId }).IsUnique();
    }
}
