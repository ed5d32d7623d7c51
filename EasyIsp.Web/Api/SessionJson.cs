using EasyIsp.Core.Sessions;
using EasyIsp.Web.Sessions;

namespace EasyIsp.Web.Api;

/// <param name="Customer">Null where nobody is known by the name.</param>
/// <param name="UploadedBytes">From the customer.</param>
/// <param name="DownloadedBytes">To the customer.</param>
/// <param name="EndedAt">Null while it is open.</param>
internal sealed record SessionJson(
    Guid Id,
    string UserName,
    ApiLink? Customer,
    ApiLink Router,
    string? MacAddress,
    string? IpAddress,
    DateTimeOffset StartedAt,
    DateTimeOffset LastHeardAt,
    long UploadedBytes,
    long DownloadedBytes,
    DateTimeOffset? EndedAt,
    EndingJson? Ending)
{
    public static SessionJson Of(SessionRow row) => new(
        row.Id,
        row.UserName,
        row.CustomerId is { } customerId ? new ApiLink(customerId, row.CustomerName) : null,
        new ApiLink(row.RouterId, row.RouterName),
        row.MacAddress,
        row.Address?.ToString(),
        row.StartedAt,
        row.LastHeardAt,
        row.UploadedBytes,
        row.DownloadedBytes,
        row.EndedAt,
        row.EndedAt is null ? null : new EndingJson(row.TerminateCause, TerminateCauses.InWords(row.TerminateCause)));
}

/// <param name="Cause">Acct-Terminate-Cause (RFC 2866, 5.10); null when the session was closed for its silence.</param>
internal sealed record EndingJson(int? Cause, string Words);
