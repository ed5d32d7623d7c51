using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Attempts;

/// <summary>One login on its way into the log. It holds no password, and no packet.</summary>
/// <param name="LeftOut">Of the tenant's admitted logins, those before this one that are not in the log.</param>
internal readonly record struct LoginEntry(
    LoginSubject Subject,
    Guid? CustomerId,
    string? NasPort,
    AccessType? AccessType,
    AuthenticationMethod Method,
    DateTimeOffset At,
    TimeSpan Took,
    int LeftOut);

/// <summary>What makes a refusal the same as the one before.</summary>
/// <param name="UserName">As <see cref="LoggedName"/> has it.</param>
/// <param name="Refusal">Null: let in.</param>
internal readonly record struct LoginSubject(
    Guid TenantId, Guid RouterId, string UserName, string? MacAddress, Refusal? Refusal, bool IsLimited);

/// <summary>A line of the log, as far as this worker has counted it.</summary>
internal sealed class LoginLine(Guid id, LoginEntry first)
{
    public Guid Id => id;
    public LoginEntry First => first;
    public DateTimeOffset LastAt { get; private set; } = first.At;

    /// <summary>Since it was last written.</summary>
    public int Times { get; private set; } = 1;

    public bool Covers(DateTimeOffset at) => at - first.At < LoginRecord.RepeatedWithin;

    public void Repeat(DateTimeOffset at)
    {
        Times++;
        if (at > LastAt)
            LastAt = at;
    }

    public void Written() => Times = 0;
}
