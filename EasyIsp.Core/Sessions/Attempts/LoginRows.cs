using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Sessions.Attempts;

/// <summary>What the log of logins is asked for. It is never counted and read from its newest line on, so its pages hang on ids.</summary>
/// <param name="Search">The start of a user name, a hardware address, or whatever finds a customer.</param>
/// <param name="Since">The first try was then or later.</param>
/// <param name="Before">Only what is older than this line: the next page.</param>
/// <param name="UpTo">Nothing newer than this line, so that the first page stands still while somebody reads it.</param>
public sealed record LoginQuery(
    string? Search = null,
    Guid? RouterId = null,
    LoginKind? Kind = null,
    DateTimeOffset? Since = null,
    Guid? Before = null,
    Guid? UpTo = null,
    int Take = 25);

/// <summary>Outcomes as people look for them; see <see cref="LoginKinds"/>.</summary>
public enum LoginKind
{
    Admitted,
    Limited,
    Refused,
    WrongNameOrPassword,
    NothingToUse,
    DeviceOrPlace,
    Suspended,
    Voucher,
    Method,
}

public sealed record LoginRow(
    Guid Id,
    string UserName,
    Guid? CustomerId,
    string? CustomerName,
    Guid RouterId,
    string RouterName,
    string? MacAddress,
    string? NasPort,
    AccessType? AccessType,
    string Method,
    Refusal? Refusal,
    bool IsLimited,
    DateTimeOffset At,
    DateTimeOffset LastAt,
    int Times,
    TimeSpan Took,
    int LeftOut);

/// <param name="HasOlder">There is more behind the last row.</param>
/// <param name="Newer">Lines that have come since <see cref="LoginQuery.UpTo"/>, counted to a hundred.</param>
public sealed record LoginPage(IReadOnlyList<LoginRow> Rows, bool HasOlder, int Newer);
