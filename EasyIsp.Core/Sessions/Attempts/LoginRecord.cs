using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Sessions.Attempts;

/// <summary>
/// A login as the RADIUS worker decided it, and the same refusal repeated within <see cref="RepeatedWithin"/>. Written by
/// the worker in SQL; its id is made when it was first tried, so the order of ids is the order of tries.
/// </summary>
public sealed class LoginRecord : TenantEntity, IPartitionedByMonth, IAtRouter
{
    /// <summary>A home router that is refused dials every few seconds: so long it is one line that counts.</summary>
    public static readonly TimeSpan RepeatedWithin = TimeSpan.FromMinutes(5);

    private LoginRecord() { }

    public Guid RouterId { get; private set; }

    /// <summary>Whom the name meant; null where nobody has it.</summary>
    public Guid? CustomerId { get; private set; }

    /// <summary>As typed. A voucher by its serial, and what may be a mistyped code with dots in the place of its letters.</summary>
    public string UserName { get; private set; } = null!;

    /// <summary>The name in lower case, by which it is found; the database makes it.</summary>
    public string UserKey { get; private set; } = null!;

    public string? MacAddress { get; private set; }

    /// <summary>NAS-Port-Id: the interface or the hotspot server of the router.</summary>
    public string? NasPort { get; private set; }

    /// <summary>Null where the router did not tell.</summary>
    public AccessType? AccessType { get; private set; }

    /// <summary>Pap, Chap, MsChapV2 and so on.</summary>
    public string Method { get; private set; } = null!;

    /// <summary>Null: he was let in.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Refused, and let in as far as a page that says why.</summary>
    public bool IsLimited { get; private set; }

    public DateTimeOffset At { get; private set; }

    /// <summary>Of the last one that it counts.</summary>
    public DateTimeOffset LastAt { get; private set; }

    public int Times { get; private set; }

    /// <summary>From the request's arrival to the decision, the first time.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Logins of the tenant that were let in shortly before this one and are not in the log: there were too many at once.</summary>
    public int LeftOut { get; private set; }
}

internal sealed class LoginRecordConfiguration : IEntityTypeConfiguration<LoginRecord>
{
    public void Configure(EntityTypeBuilder<LoginRecord> login)
    {
        login.ToTable("login_attempts");
        login.Property(l => l.UserName).HasMaxLength(253);
        // Of its own collation, so that the names that begin alike stand together in the index.
        login.Property(l => l.UserKey).UseCollation("C").HasComputedColumnSql("lower(user_name)", stored: true);
        login.Property(l => l.MacAddress).HasMaxLength(MacAddress.TextLength);
        login.Property(l => l.NasPort).HasMaxLength(253);
        login.Property(l => l.Method).HasMaxLength(16);
        login.HasIndex(l => l.CustomerId);
        login.HasIndex(l => l.MacAddress);
        login.HasIndex(l => new { l.TenantId, l.UserKey });
    }
}
