using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// What a customer's last login left behind. The next is mostly the same, and then shares it: parts that each login made anew
/// and a minute later gave up would be holes among everything that is remembered.
/// </summary>
internal sealed class LoginHabits
{
    private SessionOwner? _owner;
    private SessionTerms? _told;

    /// <returns>The one of before, where it is equal.</returns>
    public SessionOwner Share(SessionOwner owner) => Volatile.Read(ref _owner) is { } known && known == owner ? known : _owner = owner;

    /// <inheritdoc cref="Share(SessionOwner)"/>
    public SessionTerms Share(SessionTerms told) => Volatile.Read(ref _told) is { } known && known == told ? known : _told = told;
}
