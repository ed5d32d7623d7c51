using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Payments.Reconciliation.Daily;

/// <summary>To whom the company's report goes each morning.</summary>
public sealed class ReportMailing : TenantEntity
{
    public const int MostAddresses = 5;

    private ReportMailing() { }

    public string[] Addresses { get; private set; } = [];

    internal static ReportMailing Of(Guid tenantId, DateTimeOffset now) => new() { TenantId = tenantId, Id = Guid.CreateVersion7(now) };

    internal void SendTo(string[] addresses) => Addresses = addresses;
}

/// <summary>One day's report as it was signed, and whether it is on its way. A day has one.</summary>
public sealed class DailyReport : TenantEntity
{
    public const int MaxFailureLength = 300;

    /// <summary>By then the next day's tells the same trouble.</summary>
    internal static readonly TimeSpan GivesUpAfter = TimeSpan.FromHours(20);

    /// <summary>Longer than a try may take: a try that a crash ended is made again.</summary>
    private static readonly TimeSpan TryTakes = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    private DailyReport() { }

    public DateOnly Day { get; private set; }

    public string Subject { get; private set; } = null!;

    /// <summary>With its signature.</summary>
    public string Text { get; private set; } = null!;

    /// <summary>The day's figures as CSV.</summary>
    public string Figures { get; private set; } = null!;

    /// <summary>As CSV; null when there were none.</summary>
    public string? Differences { get; private set; }

    public DateTimeOffset WrittenAt { get; private set; }
    public DailyReportState State { get; private set; }
    public int Tries { get; private set; }

    /// <summary>Null once it is sent or given up.</summary>
    public DateTimeOffset? NextTryAt { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Why the last try failed.</summary>
    public string? Failure { get; private set; }

    internal static DailyReport Of(
        Guid tenantId, DateOnly day, string subject, string text, string figures, string? differences, DateTimeOffset now) => new()
    {
        TenantId = tenantId,
        Id = Guid.CreateVersion7(now),
        Day = day,
        Subject = subject,
        Text = text,
        Figures = figures,
        Differences = differences,
        WrittenAt = now,
        NextTryAt = now,
    };

    /// <summary>Nobody looked after it in time: whoever is put on the list since gets no old ones.</summary>
    internal void GiveUp() => (State, NextTryAt, Failure) = (DailyReportState.Failed, null, Failure ?? "It was not sent within 20 hours.");

    internal void Try(DateTimeOffset now) => (Tries, NextTryAt) = (Tries + 1, now + TryTakes);

    internal void Sent(DateTimeOffset now) => (State, SentAt, NextTryAt, Failure) = (DailyReportState.Sent, now, null, null);

    /// <summary>After 5, 10, 20 … minutes once more, and at last never.</summary>
    internal void Failed(string reason, DateTimeOffset now)
    {
        Failure = reason.Truncate(MaxFailureLength);
        var pause = TimeSpan.FromMinutes(5 * Math.Pow(2, Math.Min(Tries, 10) - 1));
        NextTryAt = now + (pause < LongestPause ? pause : LongestPause);
        if (NextTryAt > WrittenAt + GivesUpAfter)
            (State, NextTryAt) = (DailyReportState.Failed, null);
    }
}

public enum DailyReportState
{
    Waiting,
    Sent,
    Failed,
}

internal sealed class ReportMailingConfiguration : IEntityTypeConfiguration<ReportMailing>
{
    public void Configure(EntityTypeBuilder<ReportMailing> mailing)
    {
        mailing.ToTable("report_mailings");
        mailing.HasIndex(m => m.TenantId).IsUnique();
    }
}

internal sealed class DailyReportConfiguration : IEntityTypeConfiguration<DailyReport>
{
    public void Configure(EntityTypeBuilder<DailyReport> report)
    {
        report.ToTable("daily_reports");
        report.Property(r => r.Failure).HasMaxLength(DailyReport.MaxFailureLength);
        report.HasIndex(r => new { r.TenantId, r.Day }).IsUnique();
        report.HasIndex(r => r.NextTryAt).HasFilter("next_try_at is not null");
    }
}
