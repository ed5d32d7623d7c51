using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Sessions;

/// <summary>
/// One connection of one customer, from Accounting-Start to Stop. Written by the RADIUS worker in SQL; the model knows
/// it for reading and for the schema.
/// </summary>
public abstract class SessionRecord : TenantEntity, IAtRouter
{
    public Guid RouterId { get; private set; }
    public Guid? CustomerId { get; private set; }
    public Guid? SubscriptionId { get; private set; }

    /// <summary>Set when the customer logged in by typing a voucher at the router; the code itself is not kept here.</summary>
    public Guid? VoucherId { get; private set; }

    public string UserName { get; private set; } = null!;

    /// <summary>Acct-Session-Id, as the NAS spells it.</summary>
    public string NasSessionId { get; private set; } = null!;

    public string? MacAddress { get; private set; }
    public IPAddress? Address { get; private set; }
    public DateTimeOffset StartedAt { get; private set; }
    public DateTimeOffset LastHeardAt { get; private set; }

    /// <summary>Acct-Input-Octets with gigawords: from the customer.</summary>
    public long UploadedBytes { get; private set; }

    /// <summary>Acct-Output-Octets with gigawords: to the customer.</summary>
    public long DownloadedBytes { get; private set; }

    /// <summary>Acct-Session-Time as last reported.</summary>
    public long SessionSeconds { get; private set; }

    /// <summary>
    /// When the row was written, by the database's own clock, which says it by itself: what is new to somebody who has seen
    /// all until an instant. A router's report may come hours after the fact.
    /// </summary>
    public DateTimeOffset RecordedAt { get; private set; }
}

/// <summary>A session that the NAS has not stopped: small, so that its updates are cheap.</summary>
public sealed class OpenSession : SessionRecord
{
    private OpenSession() { }

    /// <summary>Whether its subscription has a data limit to be watched.</summary>
    public bool IsMetered { get; private set; }

    /// <summary>
    /// What its router was told of it, at its login and since, as the RADIUS worker writes it down; null where that is not
    /// known. What a customer has by now is compared with it.
    /// </summary>
    public string? Told { get; private set; }

    /// <summary>
    /// What the days of its subscription hold of it already. The rest is of the day on which it was last heard, and is
    /// booked when that is over or the session ends: a report touches one row only.
    /// </summary>
    public long BookedUploadedBytes { get; private set; }

    public long BookedDownloadedBytes { get; private set; }
    public long BookedSeconds { get; private set; }
}

/// <summary>A session that has ended.</summary>
public sealed class Session : SessionRecord, IPartitionedByMonth
{
    private Session() { }

    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>Acct-Terminate-Cause (RFC 2866, 5.10), or null when the session was closed for its silence.</summary>
    public int? TerminateCause { get; private set; }
}

// Beside the key, no index of a session begins with the tenant: the worker's statements stay prepared, and in a plan that
// was made while a table or a month's partition was empty, an index that begins with the same column as the key may stand
// in the key's place for good. The ids that follow are of one tenant each.

internal sealed class OpenSessionConfiguration : IEntityTypeConfiguration<OpenSession>
{
    public void Configure(EntityTypeBuilder<OpenSession> session)
    {
        session.ToTable("open_sessions");
        // A report changes no indexed column and finds room on its row's own page, so it touches no index. What looks
        // for silent sessions therefore walks the table, which is small.
        session.HasStorageParameter("fillfactor", 50);
        session.HasCommonSessionColumns();
        session.Property(s => s.IsMetered).HasDefaultValue(false);
        session.Property(s => s.Told).HasColumnType("jsonb");
        session.Property(s => s.BookedUploadedBytes).HasDefaultValue(0L);
        session.Property(s => s.BookedDownloadedBytes).HasDefaultValue(0L);
        session.Property(s => s.BookedSeconds).HasDefaultValue(0L);
        // Without a Class of ours, this is who the session is; a reused id with another start is another session.
        session.HasIndex(s => new { s.RouterId, s.NasSessionId, s.UserName, s.TenantId }).IsUnique();
        session.HasIndex(s => s.CustomerId);
        session.HasIndex(s => s.SubscriptionId);
    }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.HasCommonSessionColumns();
        session.HasIndex(s => s.CustomerId);
        session.HasIndex(s => s.SubscriptionId);
        session.HasIndex(s => new { s.RouterId, s.NasSessionId });
        // Rows stand in the order in which they were written, so a summary of each stretch of the table finds the latest,
        // and writing one more costs nothing.
        session.HasIndex(s => s.RecordedAt).HasMethod("brin");
        // Rows lie in the order in which sessions ended, so a few bytes for each stretch of them say what ended when.
        session.HasIndex(s => s.EndedAt).HasMethod("brin").HasStorageParameter("autosummarize", true);
    }
}

internal static class SessionColumns
{
    public static void HasCommonSessionColumns<T>(this EntityTypeBuilder<T> session) where T : SessionRecord
    {
        session.Property(s => s.UserName).HasMaxLength(253);
        session.Property(s => s.NasSessionId).HasMaxLength(253);
        session.Property(s => s.MacAddress).HasMaxLength(MacAddress.TextLength);
        session.Property(s => s.RecordedAt).HasDefaultValueSql("now()");
    }
}
