using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Vouchers;

public sealed record VoucherPackage(Guid Id, string Name, decimal Price, TimeSpan Duration);

/// <param name="Name">Part of a batch's name, or null.</param>
public sealed record VoucherBatchQuery(
    PageOf Page,
    string? Name = null,
    Guid? PackageId = null,
    VoucherBatchSort Sort = VoucherBatchSort.Created,
    bool Descending = true);

public enum VoucherBatchSort
{
    Created,
    Name,
    Expires,
}

/// <param name="Price">Of one voucher, at today's price of the package.</param>
public sealed record VoucherBatchRow(
    Guid Id,
    string Name,
    Guid PackageId,
    string PackageName,
    decimal Price,
    TimeSpan Duration,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    int Count,
    int Used,
    int Revoked,
    int Expired)
{
    public int Available => Count - Used - Revoked - Expired;
}

/// <param name="Search">A serial or a whole code, in any spelling.</param>
public sealed record VoucherQuery(
    PageOf Page,
    Guid? BatchId = null,
    VoucherState? State = null,
    string? Search = null,
    VoucherSort Sort = VoucherSort.Serial,
    bool Descending = false);

public enum VoucherSort
{
    Serial,
    Redeemed,
    Expires,
}

public sealed record VoucherRow(
    Guid Id,
    long Serial,
    Guid BatchId,
    string BatchName,
    string PackageName,
    VoucherState State,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RedeemedAt,
    DateTimeOffset? RevokedAt,
    Guid? CustomerId,
    string? CustomerName);
