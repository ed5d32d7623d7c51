using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>
/// A stretch of time of which the provider's books were read without a gap: what is not on them did not come. Stretches of
/// one account may overlap.
/// </summary>
public sealed class StatementCover : TenantEntity
{
    private StatementCover() { }

    public Guid PaymentAccountId { get; private set; }
    public StatementSource Source { get; private set; }
    public DateTimeOffset From { get; private set; }

    /// <summary>The first moment that is not read.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Participant: <paramref name="from"/> to <paramref name="until"/> was read, and lengthens the stretch that it touches.</summary>
    internal static async Task ExtendAsync(
        IspDbContext db, Guid accountId, StatementSource source, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (until <= from)
            return; // asked the moment pulling was switched on: nothing can have come yet

        var touched = await db.StatementCovers
            .Where(c => c.PaymentAccountId == accountId && c.Source == source && c.From <= until && c.Until >= from)
            .OrderByDescending(c => c.Until)
            .FirstOrDefaultAsync(cancellationToken);
        if (touched is null)
        {
            db.StatementCovers.Add(new StatementCover
            {
                TenantId = db.CurrentTenantId, Id = Guid.CreateVersion7(until), PaymentAccountId = accountId, Source = source, From = from, Until = until,
            });
            return;
        }

        touched.From = from < touched.From ? from : touched.From;
        touched.Until = until > touched.Until ? until : touched.Until;
    }
}

internal sealed class StatementCoverConfiguration : IEntityTypeConfiguration<StatementCover>
{
    public void Configure(EntityTypeBuilder<StatementCover> cover)
    {
        cover.ToTable("statement_covers", table => table.HasCheckConstraint("ck_statement_covers_period", "until > \"from\""));
        cover.References<StatementCover, PaymentAccount>(nameof(StatementCover.PaymentAccountId));
        cover.HasIndex(c => new { c.TenantId, c.PaymentAccountId, c.Until });
    }
}
