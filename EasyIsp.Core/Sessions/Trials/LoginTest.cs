using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Sessions.Trials;

/// <summary>
/// A login that staff want to see decided without its happening. The row is the question: one RADIUS worker takes it, and
/// writes down what a router would have been answered.
/// </summary>
public sealed class LoginTest : TenantEntity, IAtRouter
{
    /// <summary>A question that no worker has taken by then is nobody's any more: whoever asked has been told so.</summary>
    public static readonly TimeSpan WaitsAtMost = TimeSpan.FromSeconds(30);

    private LoginTest() { }

    public Guid RouterId { get; private set; }

    /// <summary>Whose user name it is; null where nobody has it: it may be a voucher's code then.</summary>
    public Guid? CustomerId { get; private set; }

    /// <summary>A customer's or a device's as it is; of any other name the first letters, since a code is money.</summary>
    public string UserName { get; private set; } = null!;

    /// <summary><see cref="LoginTestCredentials"/>; gone once a worker has taken them.</summary>
    public Secret? Credentials { get; private set; }

    public bool UsesStoredPassword { get; private set; }
    public LoginTestKind Kind { get; private set; }
    public LoginTestMethod Method { get; private set; }
    public string? MacAddress { get; private set; }
    public Guid? AskedBy { get; private set; }
    public DateTimeOffset AskedAt { get; private set; }
    public DateTimeOffset? TakenAt { get; private set; }

    /// <summary>The worker, as people find it: its machine and its port.</summary>
    public string? TakenBy { get; private set; }

    /// <summary>Null until it is decided.</summary>
    public LoginTestResult? Result { get; private set; }

    internal static LoginTest Ask(
        Guid tenantId, LoginTestDraft draft, Guid? customerId, string shownName, Secret credentials, Guid? askedBy, DateTimeOffset now) => new()
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            RouterId = draft.RouterId!.Value,
            CustomerId = customerId,
            UserName = shownName,
            Credentials = credentials,
            UsesStoredPassword = draft is { UsesStoredPassword: true, IsByDevice: false },
            Kind = draft.Kind,
            Method = draft.Method,
            MacAddress = Shared.MacAddress.Normalize(draft.MacAddress),
            AskedBy = askedBy,
            AskedAt = now,
        };
}

/// <summary>What the router asks for the customer.</summary>
public enum LoginTestKind
{
    Pppoe,
    Hotspot,

    /// <summary>A DHCP server that asks whether it may lease an address.</summary>
    Dhcp,
}

/// <summary>How the password comes.</summary>
public enum LoginTestMethod
{
    Pap,
    Chap,
    MsChapV2,

    /// <summary>The hotspot logs the device in by its address (RouterOS: <c>login-by=mac</c>).</summary>
    Mac,
}

internal sealed class LoginTestConfiguration : IEntityTypeConfiguration<LoginTest>
{
    public void Configure(EntityTypeBuilder<LoginTest> test)
    {
        test.ToTable("login_tests");
        test.Property(t => t.UserName).HasMaxLength(LoginTestRules.MaxUserNameLength);
        test.Property(t => t.MacAddress).HasMaxLength(MacAddress.TextLength);
        test.Property(t => t.TakenBy).HasMaxLength(120);
        test.References<LoginTest, Router>(nameof(LoginTest.RouterId));
        // What the workers look for, over all tenants.
        test.HasIndex(t => t.AskedAt).HasFilter("taken_at is null");
    }
}
