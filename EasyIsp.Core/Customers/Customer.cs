using System.Net;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Customers;

/// <summary>A person or business that buys access.</summary>
public sealed class Customer : TenantEntity
{
    public const int MaxNameLength = 120;
    public const int MaxUsernameLength = 64;

    private Customer() { }

    /// <summary>The account number: what the customer types at the Paybill prompt. Counts per tenant.</summary>
    public long Number { get; private set; }

    public AccessType AccessType { get; private set; }
    public string Name { get; private set; } = null!;

    /// <summary>E.164.</summary>
    public string? Phone { get; private set; }

    public string? Email { get; private set; }
    public string? Address { get; private set; }
    public string? Notes { get; private set; }
    public double? Latitude { get; private set; }
    public double? Longitude { get; private set; }

    /// <summary>The RADIUS User-Name, lower case, unique in the tenant; null once deleted.</summary>
    public string? Username { get; private set; }

    /// <summary>The PPP password, readable because CHAP needs it; hotspot customers have none.</summary>
    public Secret? Password { get; private set; }

    /// <summary>The device last seen at a hotspot.</summary>
    public string? MacAddress { get; private set; }

    /// <summary>An IPv4 address that is this customer's alone, wherever he connects.</summary>
    public IPAddress? StaticAddress { get; private set; }

    /// <summary>The IPv6 prefix that his own router hands on; it overlaps no other customer's.</summary>
    public IPNetwork? DelegatedPrefix { get; private set; }

    public DeviceLock DeviceLock { get; private set; }

    /// <summary>Empty is every router.</summary>
    public IReadOnlyList<Guid> AllowedRouterIds { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? SuspendedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    public static Customer Register(
        Guid tenantId, long number, AccessType accessType, CustomerProfile profile, string username, Secret? password, DateTimeOffset now)
    {
        var customer = new Customer
        {
            TenantId = tenantId,
            Id = Guid.CreateVersion7(now),
            Number = number,
            AccessType = accessType,
            CreatedAt = now,
        };
        customer.Change(profile);
        customer.GiveAccess(username, password);
        return customer;
    }

    public void Change(CustomerProfile profile)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(profile.Name);
        Name = profile.Name.Trim();
        (Phone, Email, Address, Notes) = (profile.Phone, profile.Email, profile.Address, profile.Notes);
        (Latitude, Longitude) = (profile.Latitude, profile.Longitude);
    }

    /// <param name="password">Null leaves the password as it is.</param>
    public void GiveAccess(string username, Secret? password)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(username);
        Username = username.Trim().ToLowerInvariant();
        Password = password ?? Password;
    }

    public void Connect(IPAddress? staticAddress, IPNetwork? delegatedPrefix, DeviceLock deviceLock, IReadOnlyList<Guid> allowedRouterIds)
        => (StaticAddress, DelegatedPrefix, DeviceLock, AllowedRouterIds) = (staticAddress, delegatedPrefix, deviceLock, allowedRouterIds);

    public void SeenWith(string macAddress) => MacAddress = macAddress;

    public void Suspend(DateTimeOffset now) => SuspendedAt ??= now;

    public void Resume() => SuspendedAt = null;

    /// <summary>Keeps what the ledger needs and wipes the way in.</summary>
    public void Delete(DateTimeOffset now)
    {
        DeletedAt ??= now;
        (Username, Password, MacAddress) = (null, null, null);
        (StaticAddress, DelegatedPrefix) = (null, null);
    }
}

/// <summary>What staff may edit about a customer; phone already in E.164.</summary>
public sealed record CustomerProfile(
    string Name,
    string? Phone = null,
    string? Email = null,
    string? Address = null,
    string? Notes = null,
    double? Latitude = null,
    double? Longitude = null);
