using System.Security.Claims;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace EasyIsp.Web.Access;

/// <summary>
/// A circuit outlives its cookie, so it is asked again: at once when the database announces a change of memberships, roles
/// or tenants, of the person or the end of the sign-in, and every half minute for what is not announced (it was idle too long).
/// </summary>
internal sealed partial class ConsoleAuthentication : RevalidatingServerAuthenticationStateProvider
{
    private static readonly string[] Tables = ["memberships", "roles", "tenants"];

    /// <summary>These name the people and the sign-ins that they are about.</summary>
    private static readonly string[] PersonalTables = ["users", "sign_ins"];

    private readonly IServiceScopeFactory _scopes;
    private readonly SignInCheck _signIns;
    private readonly IDisposable _subscription;
    private readonly ILogger _logger;
    private bool _isOver;

    public ConsoleAuthentication(
        ILoggerFactory loggers, IServiceScopeFactory scopes, SignInCheck signIns, ChangeFeed changes) : base(loggers)
    {
        (_scopes, _signIns) = (scopes, signIns);
        _logger = loggers.CreateLogger<ConsoleAuthentication>();
        // The feed's thread is not kept waiting.
        _subscription = changes.Subscribe(change =>
        {
            if (change.IsEverything || Tables.Contains(change.Table) || PersonalTables.Contains(change.Table))
                _ = AskAgainAsync(change);
        });
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var user = authenticationState.User;
        if (!await _signIns.HoldsNowAsync(user, cancellationToken))
            return false;

        await using var scope = _scopes.CreateAsyncScope();
        return user.TenantId() is null
            || await scope.ServiceProvider.GetRequiredService<StaffStanding>().OfAsync(user, cancellationToken) is not null;
    }

    protected override void Dispose(bool disposing)
    {
        _isOver = true;
        _subscription.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Tells the page too when nothing was lost: the role's permissions may be others now.</summary>
    private async Task AskAgainAsync(Change change)
    {
        try
        {
            var state = await GetAuthenticationStateAsync();
            if (state.User.Identity?.IsAuthenticated != true || !Concerns(change, state.User))
                return;

            var stays = await ValidateAuthenticationStateAsync(state, CancellationToken.None);
            // A new state would begin another round of checks, for a circuit that is gone.
            if (!_isOver)
                SetAuthenticationState(Task.FromResult(stays ? state : new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
        }
        catch (Exception exception)
        {
            // Nobody awaits this; the half-minute check comes in any case, and it closes the circuit when it fails.
            LogFailed(_logger, exception);
        }
    }

    private static bool Concerns(Change change, ClaimsPrincipal user)
        => !PersonalTables.Contains(change.Table) || change.Ids.Count == 0
            || change.Ids.Any(id => id == user.UserId() || id == user.SignInId());

    [LoggerMessage(Level = LogLevel.Warning, Message = "A circuit's right to go on could not be checked after a change")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
