using System.Security.Claims;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Web.Tests.Account;

/// <summary>An open page of a sign-in, as far as it is asked whether it may go on.</summary>
internal sealed class OpenCircuit : IDisposable
{
    private readonly ConsoleAuthentication _authentication;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OpenCircuit(IServiceProvider services, ClaimsPrincipal user)
    {
        _authentication = new ConsoleAuthentication(
            services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<IServiceScopeFactory>(),
            services.GetRequiredService<SignInCheck>(), services.GetRequiredService<ChangeFeed>());
        _authentication.SetAuthenticationState(Task.FromResult(new AuthenticationState(user)));
        _authentication.AuthenticationStateChanged += async state =>
        {
            if ((await state).User.Identity?.IsAuthenticated != true)
                _ended.TrySetResult();
        };
    }

    public Task Ended => _ended.Task;

    public static async Task<OpenCircuit> OfAsync(ConsoleHost host, Guid userId, Guid tenantId, Guid signInId)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<StaffUser>>();
        var principal = await signIn.CreateUserPrincipalAsync((await signIn.UserManager.FindByIdAsync(userId.ToString()))!);
        principal.Identities.First().AddClaims([.. StaffClaims.Entering(tenantId, asSupport: false), StaffClaims.Of(signInId)]);
        return new OpenCircuit(host.Services, principal);
    }

    public void Dispose() => ((IDisposable)_authentication).Dispose();
}
