namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// Where access tokens live, for everyone who shares it: a new token may kill the one before, so two who each fetch
/// their own knock each other out.
/// </summary>
public interface ITokenStore
{
    /// <summary>
    /// The token of <paramref name="key"/> while it is fresh, else the one that <paramref name="renew"/> brings. At
    /// most one renewal of a key runs at a time; who comes meanwhile gets its token, or its exception.
    /// </summary>
    /// <param name="renew">Bounded in time by itself; it belongs to all who wait and is not cancelled with one of them.</param>
    Task<AccessToken> GetAsync(string key, Func<Task<AccessToken>> renew, CancellationToken cancellationToken);

    /// <summary>Forgets <paramref name="token"/>, unless another has taken its place already.</summary>
    Task DropAsync(string key, AccessToken token, CancellationToken cancellationToken);
}

/// <param name="RenewAt">The first moment to use it no longer; some minutes before it dies.</param>
public sealed record AccessToken(string Value, DateTimeOffset RenewAt)
{
    public override string ToString() => $"a token to renew at {RenewAt:u}";
}
