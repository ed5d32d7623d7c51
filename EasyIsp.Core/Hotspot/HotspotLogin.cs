using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Hotspot;

/// <summary>How a browser gets its device online.</summary>
public abstract record BrowserLogin
{
    private BrowserLogin() { }

    /// <summary>Post user name and password to the router. The password serves once, for this device, for some minutes.</summary>
    public sealed record Post(string LinkLoginOnly, string Username, string Password) : BrowserLogin
    {
        public override string ToString() => Username;
    }

    /// <summary>The router's challenge is used or too old: go to its login page, which brings a new one.</summary>
    public sealed record FetchChallenge(string LinkLoginOnly) : BrowserLogin;

    /// <summary>The device's session is open.</summary>
    public sealed record AlreadyOnline : BrowserLogin;

    /// <summary>Nobody is known behind the visit, or he has no time or data left.</summary>
    public sealed record NothingLeft : BrowserLogin;

    /// <summary>The browser did not come from a router that we can send it back to.</summary>
    public sealed record NotAtHotspot : BrowserLogin;
}

/// <summary>Prepares the login of a device by its own browser (mikrotik.md, 5.3, variant A).</summary>
public sealed class HotspotLogin(IspDatabase database, HotspotAccess access, LoginTokens tokens, TimeProvider clock)
{
    public async Task<BrowserLogin> PrepareAsync(string visitKey, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var visit = await db.HotspotVisits.SingleAsync(v => v.Key == visitKey, cancellationToken);
        if (visit is not { MacAddress: { } mac, LinkLoginOnly: { } link })
            return new BrowserLogin.NotAtHotspot();

        var now = await access.OfAsync(db, visit, cancellationToken);
        if (now is { IsOnline: true })
            return new BrowserLogin.AlreadyOnline();
        if (now is not { IsUsable: true })
            return new BrowserLogin.NothingLeft();

        var lacksChallenge = visit.LacksChallenge(clock.GetUtcNow());
        var challenge = visit.TakeChallenge();
        BrowserLogin login = lacksChallenge
            ? new BrowserLogin.FetchChallenge(link)
            : await IssueAsync(db, now.CustomerId, mac, link, visit.ChapId, challenge, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return login;
    }

    private async Task<BrowserLogin.Post> IssueAsync(
        IspDbContext db, Guid customerId, string mac, string link, byte[]? chapId, byte[]? challenge, CancellationToken cancellationToken)
    {
        var customer = await db.Customers.SingleAsync(c => c.Id == customerId, cancellationToken);
        var pair = tokens.Issue(db, customer, mac);
        var password = chapId is [var id] && challenge is not null ? ChapResponse(id, pair.Password, challenge) : pair.Password;
        return new BrowserLogin.Post(link, pair.Username, password);
    }

    /// <summary>What <c>md5.js</c> of the router's own login page computes: MD5 over id, password and challenge, in lower-case hexadecimal.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The hotspot's protocol says MD5.")]
    internal static string ChapResponse(byte id, string password, byte[] challenge)
        => Convert.ToHexStringLower(MD5.HashData([id, .. Encoding.UTF8.GetBytes(password), .. challenge]));
}
