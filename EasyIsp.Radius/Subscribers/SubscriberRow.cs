using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>Reads the columns of <see cref="SubscriberSql"/>.</summary>
internal static class SubscriberRow
{
    private const int FirstOfSubscription = 11;

    /// <summary>Without his subscriptions, which are a row each.</summary>
    public static Subscriber ReadCustomer(NpgsqlDataReader row, Guid tenantId) => new(
        tenantId,
        row.GetGuid(0),
        Enum.Parse<AccessType>(row.GetString(1)),
        row.IsDBNull(2) ? null : new StoredPassword(tenantId, new Secret(row.GetFieldValue<byte[]>(2))),
        row.GetBoolean(3),
        [])
    {
        Routers = Ids(row, 6),
        Devices = DevicesOf(row),
    };

    /// <param name="following">What ends later than this one.</param>
    /// <returns>Null in the only row of a customer who never bought anything.</returns>
    public static SubscriptionTerms? ReadTerms(NpgsqlDataReader row, SubscriptionTerms? following)
    {
        if (row.IsDBNull(FirstOfSubscription))
            return null;

        var (downloadKbps, uploadKbps, access) = (row.GetInt32(15), row.GetInt32(16), AccessOf(row));
        var line = LineTerms.Of(uploadKbps, downloadKbps, access, AddressOf(row), PrefixOf(row));
        var endsAt = row.GetFieldValue<DateTimeOffset>(13);
        return new SubscriptionTerms(
            row.GetGuid(11),
            row.GetFieldValue<DateTimeOffset>(12),
            endsAt,
            row.IsDBNull(14) ? null : row.GetInt64(14),
            downloadKbps,
            uploadKbps,
            row.GetInt32(17))
        {
            CoveredUntil = following?.StartsAt == endsAt ? following.CoveredUntil : endsAt,
            WhenFull = Enum.Parse<WhenFull>(row.GetString(18)),
            Routers = Ids(row, 19),
            Hours = Text(row, 20) is { } hours
                ? new LocalHours(AllowedHours.Parse(hours), TimeZoneInfo.FindSystemTimeZoneById(row.GetString(21)))
                : null,
            Line = line,
            Extras = ExtrasOf(row, 10).Over(ExtrasOf(row, 35)),
        };
    }

    /// <summary>Who has been slowed down has neither burst nor minimum.</summary>
    private static AccessTerms AccessOf(NpgsqlDataReader row)
        => row.GetBoolean(36) ? FullAccessOf(row) with { Burst = null, MinDownloadKbps = null, MinUploadKbps = null } : FullAccessOf(row);

    private static AccessTerms FullAccessOf(NpgsqlDataReader row) => new()
    {
        Burst = Number(row, 22) is { } download
            ? new Burst(download, row.GetInt32(23), row.GetInt32(24), Number(row, 25), Number(row, 26))
            : null,
        Priority = Number(row, 27),
        MinDownloadKbps = Number(row, 28),
        MinUploadKbps = Number(row, 29),
        AddressPool = Text(row, 30),
        AddressList = Text(row, 31),
        VlanId = Number(row, 32),
        IPv6Pool = Text(row, 33),
        DelegatedIPv6Pool = Text(row, 34),
    };

    private static OwnDevices? DevicesOf(NpgsqlDataReader row) => Enum.Parse<DeviceLock>(row.GetString(7)) is var rule && rule is DeviceLock.Off
        ? null
        : new OwnDevices(rule is DeviceLock.BindOnFirstUse, row.GetBoolean(9), row.IsDBNull(8) ? [] : row.GetFieldValue<string[]>(8));

    private static IPAddress? AddressOf(NpgsqlDataReader row) => row.IsDBNull(4) ? null : row.GetFieldValue<IPAddress>(4);

    private static IPNetwork? PrefixOf(NpgsqlDataReader row) => row.IsDBNull(5) ? null : row.GetFieldValue<IPNetwork>(5);

    private static ExtraAttributes ExtrasOf(NpgsqlDataReader row, int column)
        => row.IsDBNull(column) ? ExtraAttributes.None : ExtraAttributes.Of(row.GetFieldValue<string[]>(column));

    private static Guid[] Ids(NpgsqlDataReader row, int column) => row.GetFieldValue<Guid[]>(column) is { Length: > 0 } ids ? ids : [];

    private static int? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
