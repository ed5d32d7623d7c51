using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace EasyIsp.Web.Access;

/// <summary>The setter of requests: the tenant of the cookie's or the token's claim.</summary>
internal sealed class TenantMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, ConsoleSession session)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            session.Become(context.User, context.Connection.RemoteIpAddress);
            await session.BeginAsync(context.User, context.RequestAborted);
        }

        await next(context);
    }
}

/// <summary>The setter of circuits: the tenant of the user's claim, before the first component is made.</summary>
internal sealed class TenantCircuitHandler(
    ConsoleSession session, SignInCheck signIns, AuthenticationStateProvider authentication) : CircuitHandler, IDisposable
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        await BeginAsync(authentication.GetAuthenticationStateAsync());
        authentication.AuthenticationStateChanged += OnChanged;
    }

    /// <summary>A page that is worked with keeps its sign-in from being idle; one that only shows its figures does not.</summary>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if ((await authentication.GetAuthenticationStateAsync()).User is { Identity.IsAuthenticated: true } user)
        {
            try
            {
                await signIns.NoteUseAsync(user, CancellationToken.None);
            }
            catch (Exception exception) when (DatabaseAway.Explains(exception))
            {
                // The next click notes it; what this one is for says itself that the database is away.
            }
        }

        await next(context);
    };

    public void Dispose() => authentication.AuthenticationStateChanged -= OnChanged;

    private void OnChanged(Task<AuthenticationState> state) => _ = BeginAsync(state);

    private async Task BeginAsync(Task<AuthenticationState> state)
    {
        if ((await state).User is { Identity.IsAuthenticated: true } user)
            await session.BeginAsync(user, CancellationToken.None);
    }
}
