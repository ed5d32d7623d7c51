using System.Security.Claims;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Access;

/// <summary>
/// A circuit outlives its cookie, so it is asked again: at once when the database announces a change of memberships,
/// roles or tenants, and every half minute for what is not announced (locked accounts, new passwords).
/// </summary>
internal sealed partial class ConsoleAuthentication : RevalidatingServerAuthenticationStateProvider
{
    private static readonly string[] Tables = ["memberships", "roles", "tenants"];

    private readonly IServiceScopeFactory _scopes;
    private readonly string _stampClaim;
    private readonly IDisposable _subscription;
    private readonly ILogger _logger;

    public ConsoleAuthentication(
        ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<IdentityOptions> options, ChangeFeed changes) : base(loggers)
    {
        _scopes = scopes;
        _logger = loggers.CreateLogger<ConsoleAuthentication>();
        _stampClaim = options.Value.ClaimsIdentity.SecurityStampClaimType;
        // The feed's thread is not kept waiting.
        _subscription = changes.Subscribe(change =>
        {
            if (change.IsEverything || Tables.Contains(change.Table))
                _ = AskAgainAsync();
        });
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var user = authenticationState.User;
        await using var scope = _scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        if (await users.GetUserAsync(user) is not { } account
            || user.FindFirstValue(_stampClaim) != await users.GetSecurityStampAsync(account)
            || user.IsSuperAdmin() != account.IsSuperAdmin
            || await users.IsLockedOutAsync(account))
        {
            return false;
        }

        return user.TenantId() is null
            || await scope.ServiceProvider.GetRequiredService<StaffStanding>().OfAsync(user, cancellationToken) is not null;
    }

    protected override void Dispose(bool disposing)
    {
        _subscription.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Tells the page too when nothing was lost: the role's permissions may be others now.</summary>
    private async Task AskAgainAsync()
    {
        try
        {
            var state = await GetAuthenticationStateAsync();
            if (state.User.Identity?.IsAuthenticated != true)
                return;

            var stays = await ValidateAuthenticationStateAsync(state, CancellationToken.None);
            SetAuthenticationState(Task.FromResult(stays ? state : new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
        }
        catch (Exception exception)
        {
            // Nobody awaits this; the half-minute check comes in any case, and it closes the circuit when it fails.
            LogFailed(_logger, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A circuit's right to go on could not be checked after a change")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
