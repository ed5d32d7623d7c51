using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// Shares tokens between all processes of the installation. Within a process one asks the database and the others wait
/// for him; of the processes one asks Daraja under a lock of the database and the others wait for that. Who dies with
/// the lock loses it with his connection; whose machine vanishes, after <see cref="HolderPatience"/>.
/// </summary>
internal sealed class DatabaseTokenStore(PlatformDatabase platform, SecretCodec codec, TimeProvider clock) : ITokenStore, IDisposable
{
    /// <summary>Longer than the renewal may take (<see cref="Shared.ProviderHttp"/>).</summary>
    private static readonly TimeSpan HolderPatience = TimeSpan.FromSeconds(30);

    /// <summary>Longer than that, so that who waits outlives a holder who vanished.</summary>
    private static readonly TimeSpan WaitersPatience = TimeSpan.FromSeconds(60);

    /// <summary>Tokens belong to a consumer key, and that to whoever knows it: no tenant's protector fits.</summary>
    private static readonly Guid NoTenant = Guid.Empty;

    /// <summary>Who renews holds a connection while Daraja answers; the process has few, and needs them for callbacks.</summary>
    private const int RenewalsAtOnce = 3;

    private readonly MemoryTokenStore _ofProcess = new(clock);
    private readonly SemaphoreSlim _renewals = new(RenewalsAtOnce);

    public Task<AccessToken> GetAsync(string key, Func<Task<AccessToken>> renew, CancellationToken cancellationToken)
        => _ofProcess.GetAsync(key, () => ShareAsync(key, renew), cancellationToken);

    /// <summary>First for all, then for this process: in the other order it could pick the dead token up again.</summary>
    public async Task DropAsync(string key, AccessToken token, CancellationToken cancellationToken)
    {
        await ReachAsync(async () =>
        {
            var digest = DigestOf(token);
            await using var db = await platform.OpenAsync(cancellationToken);
            await db.SharedTokens.Where(t => t.Key == key && t.Digest == digest).ExecuteDeleteAsync(cancellationToken);
            await db.CommitAsync(cancellationToken);
            return token;
        });
        await _ofProcess.DropAsync(key, token, cancellationToken);
    }

    public void Dispose() => _renewals.Dispose();

    /// <summary>Not cancelled with any of those who wait for it.</summary>
    private Task<AccessToken> ShareAsync(string key, Func<Task<AccessToken>> renew) => ReachAsync(async () =>
    {
        await using (var db = await platform.OpenAsync(CancellationToken.None))
        {
            if (await FreshAsync(db, key) is { } known)
                return known;
        }

        await _renewals.WaitAsync();
        try
        {
            return await RenewAsync(key, renew);
        }
        finally
        {
            _renewals.Release();
        }
    });

    private async Task<AccessToken> RenewAsync(string key, Func<Task<AccessToken>> renew)
    {
        await using var db = await platform.OpenAsync(CancellationToken.None);
        db.Database.SetCommandTimeout(WaitersPatience);
        await db.Database.ExecuteSqlAsync(
            $"select set_config('idle_in_transaction_session_timeout', {$"{HolderPatience.TotalMilliseconds}"}, true), pg_advisory_xact_lock(hashtextextended({$"token {key}"}, 0))");
        if (await FreshAsync(db, key) is { } others)
            return others;

        var token = await renew();
        var shared = await db.SharedTokens.SingleOrDefaultAsync(t => t.Key == key);
        if (shared is null)
            db.SharedTokens.Add(shared = new SharedToken(key));
        shared.Replace(codec.Protect(NoTenant, token.Value), DigestOf(token), token.RenewAt);
        await db.CommitAsync(CancellationToken.None);
        return token;
    }

    private async Task<AccessToken?> FreshAsync(IspDbContext db, string key)
    {
        var now = clock.GetUtcNow();
        var shared = await db.SharedTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Key == key && t.RenewAt > now);
        try
        {
            return shared is null ? null : new AccessToken(codec.Reveal(NoTenant, shared.Value), shared.RenewAt);
        }
        catch (CryptographicException)
        {
            return null; // protected with a key that is gone: another is fetched in its place
        }
    }

    private static async Task<AccessToken> ReachAsync(Func<Task<AccessToken>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or TimeoutException || exception.InnerException is DbException)
        {
            throw new DarajaTokenException("No token: the database that shares it was not reached.", credentialsRefused: false);
        }
    }

    private static byte[] DigestOf(AccessToken token) => SHA256.HashData(Encoding.UTF8.GetBytes(token.Value));
}
