using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Api;

/// <param name="Number">The account number, as the customer types it when he pays.</param>
/// <param name="Wallet">In the company's currency.</param>
internal sealed record CustomerJson(
    Guid Id,
    long Number,
    string Name,
    string? Phone,
    string Username,
    AccessType AccessType,
    CustomerState State,
    string? Package,
    DateTimeOffset? EndsAt,
    bool IsOnline,
    decimal Wallet,
    DateTimeOffset CreatedAt)
{
    public static CustomerJson Of(CustomerRow row) => new(
        row.Id,
        row.Number,
        row.Name,
        row.Phone,
        row.Username,
        row.AccessType,
        row.State,
        row.Package,
        row.EndsAt,
        row.IsOnline,
        row.Wallet,
        row.CreatedAt);
}

/// <param name="UsedBytes">In both directions, within the present subscription.</param>
/// <param name="Hindrance">Why he cannot connect, or not with one device more.</param>
internal sealed record CustomerFactsJson(
    Guid Id,
    long Number,
    string Name,
    AccessType AccessType,
    string? Phone,
    string? Email,
    string? Address,
    string? Notes,
    double? Latitude,
    double? Longitude,
    string? Username,
    CustomerState State,
    SubscriptionJson? Subscription,
    SubscriptionJson? Next,
    DateTimeOffset? EndsAt,
    long UsedBytes,
    IReadOnlyList<Guid> OpenSessions,
    decimal Wallet,
    Hindrance Hindrance,
    DateTimeOffset CreatedAt)
{
    public static CustomerFactsJson Of(CustomerFacts facts) => new(
        facts.Id,
        facts.Number,
        facts.Name,
        facts.AccessType,
        facts.Phone,
        facts.Email,
        facts.Address,
        facts.Notes,
        facts.Latitude,
        facts.Longitude,
        facts.Username,
        facts.State,
        SubscriptionJson.Of(facts.Subscription),
        SubscriptionJson.Of(facts.Next),
        facts.EndsAt,
        facts.UsedBytes,
        [.. facts.Online.Select(session => session.SessionId)],
        facts.Wallet,
        facts.Hindrance,
        facts.CreatedAt);
}

internal sealed record SubscriptionJson(
    Guid Id, ApiLink Package, DateTimeOffset StartsAt, DateTimeOffset EndsAt, long? DataLimitBytes, int DownloadKbps, int UploadKbps)
{
    public static SubscriptionJson? Of(SubscriptionFacts? facts) => facts is null ? null : new(
        facts.Id,
        new ApiLink(facts.PackageId, facts.Package),
        facts.StartsAt,
        facts.EndsAt,
        facts.DataLimitBytes,
        facts.DownloadKbps,
        facts.UploadKbps);
}

/// <param name="Days">Today last; also those without traffic.</param>
internal sealed record UsageJson(IReadOnlyList<DayJson> Days);

/// <param name="OnlineSeconds">Of all devices together: it may be more than a day.</param>
internal sealed record DayJson(DateOnly Day, long DownloadedBytes, long UploadedBytes, long OnlineSeconds)
{
    public static DayJson Of(DayUsage usage) => new(usage.Day, usage.DownloadedBytes, usage.UploadedBytes, (long)usage.Online.TotalSeconds);
}
