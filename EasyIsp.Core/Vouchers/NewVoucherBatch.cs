namespace EasyIsp.Core.Vouchers;

/// <summary>What staff say when they have vouchers made.</summary>
/// <param name="Prefix">Capitals and digits in front of each code, or empty.</param>
/// <param name="CodeLength">Of the random part, without the prefix and the check letter.</param>
/// <param name="ShelfLife">How long an unused code stays valid, from now.</param>
public sealed record NewVoucherBatch(
    Guid PackageId,
    string Name,
    int Count,
    TimeSpan ShelfLife,
    string Prefix = "",
    int CodeLength = VoucherCode.DefaultLength)
{
    public const int MaxNameLength = 60;
    public static readonly TimeSpan MaxShelfLife = TimeSpan.FromDays(1827);

    /// <returns>The name of the first property that is out of range; null when all is well.</returns>
    public static string? FaultIn(NewVoucherBatch batch) => batch switch
    {
        { Name: var name } when string.IsNullOrWhiteSpace(name) || name.Trim().Length > MaxNameLength => nameof(Name),
        { Count: < 1 or > VoucherBatch.MaxCount } => nameof(Count),
        { ShelfLife: var life } when life <= TimeSpan.Zero || life > MaxShelfLife => nameof(ShelfLife),
        { Prefix: var prefix } when !VoucherCode.IsPrefix(prefix) => nameof(Prefix),
        { CodeLength: < VoucherCode.MinLength or > VoucherCode.MaxLength } => nameof(CodeLength),
        _ => null,
    };
}
