using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Persistence;

namespace EasyIsp.Web.Api.Events;

/// <summary>
/// A stream outlives the check at its beginning, so its token is asked after again whenever the database announces a
/// change of tokens, memberships, roles or tenants, and whenever the stream asks for it.
/// </summary>
internal sealed partial class TokenWatch : IDisposable
{
    private static readonly string[] Tables = ["api_tokens", "memberships", "roles", "tenants"];

    private readonly ApiTokenDirectory _tokens;
    private readonly StaffDirectory _staff;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly (Guid TenantId, Guid TokenId) _whose;
    private readonly Permission _needed;
    private readonly Guid[]? _routerIds;
    private readonly CancellationTokenSource _over = new();
    private readonly IDisposable _subscription;

    public TokenWatch(
        ApiTokenDirectory tokens, StaffDirectory staff, ChangeFeed changes, TimeProvider clock, ILogger logger, Guid tenantId, Guid tokenId, Permission needed, Guid[]? routerIds)
    {
        (_tokens, _staff, _clock, _logger, _whose, _needed, _routerIds) = (tokens, staff, clock, logger, (tenantId, tokenId), needed, routerIds);
        // The feed's thread is not kept waiting.
        _subscription = changes.Subscribe(change =>
        {
            if (change.IsEverything || (change.TenantId == tenantId && Tables.Contains(change.Table)))
                _ = AskAsync();
        });
    }

    /// <summary>Cancelled when the token is good no more.</summary>
    public CancellationToken Over => _over.Token;

    public DateTimeOffset? ExpiresAt { get; private set; }

    public async Task AskAsync()
    {
        try
        {
            if (!await MayGoOnAsync())
                await _over.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The stream has ended meanwhile.
        }
        catch (Exception exception)
        {
            // Nobody awaits this on a change; the next beat asks again.
            LogFailed(_logger, exception);
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _over.Dispose();
    }

    private async Task<bool> MayGoOnAsync()
    {
        if (await _tokens.FindAsync(_whose.TenantId, _whose.TokenId, CancellationToken.None) is not { } token || !token.IsGoodAt(_clock.GetUtcNow()))
            return false;

        ExpiresAt = token.ExpiresAt;
        return token.Permissions.Contains(_needed)
            && await _staff.AccessAsync(token.MadeBy, token.TenantId, CancellationToken.None) is { } access
            && access.Permissions.Contains(_needed)
            && SeesTheSame(access.RouterIds);
    }

    /// <summary>Who sees other routers since comes again, and is told of those.</summary>
    private bool SeesTheSame(IReadOnlyList<Guid>? routerIds)
        => (routerIds, _routerIds) is (null, null) || (routerIds is not null && _routerIds is not null && routerIds.SequenceEqual(_routerIds));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A token's right to go on with its stream could not be checked")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
