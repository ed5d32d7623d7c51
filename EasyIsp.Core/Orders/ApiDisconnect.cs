using System.Net;
using System.Security.Cryptography;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Routers.RouterOs;

namespace EasyIsp.Core.Orders;

/// <summary>
/// Ends a session by its router's API, where RADIUS orders are refused or not heard (mikrotik.md, 4.8): the last resort.
/// </summary>
public sealed class ApiDisconnect(PlatformDatabase database, RouterEndpoints endpoints, IRouterConnector routers)
{
    public async Task<ApiEnding> EndAsync(SessionAtRouter session, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(session, cancellationToken) is not { } endpoint)
                return new ApiEnding.NotUsed();

            await using var router = await routers.ConnectAsync(endpoint, cancellationToken);
            return await RemoveAsync(router, session, cancellationToken) ? new ApiEnding.Ended() : new ApiEnding.WasGone();
        }
        catch (RouterOsException exception)
        {
            return new ApiEnding.Refused(exception.Message);
        }
        catch (CryptographicException)
        {
            return new ApiEnding.Refused("its password cannot be read");
        }
    }

    private async Task<RouterEndpoint?> FindAsync(SessionAtRouter session, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await endpoints.FindAsync(db, session.TenantId, session.RouterId, cancellationToken);
    }

    /// <returns>False when the router had no such session any more.</returns>
    private static async Task<bool> RemoveAsync(IRouterClient router, SessionAtRouter session, CancellationToken cancellationToken)
    {
        var removed = false;
        foreach (var user in await router.PppActiveAsync(cancellationToken))
        {
            if (session.Is(user.User, user.Address))
                removed |= await router.RemovePppActiveAsync(user.Id, cancellationToken);
        }

        foreach (var user in await router.HotspotActiveAsync(cancellationToken))
        {
            if (session.Is(user.User, user.Address))
                removed |= await router.RemoveHotspotActiveAsync(user.Id, cancellationToken);
        }

        return removed;
    }
}

/// <param name="UserName">As the router knows it.</param>
/// <param name="Address">Null where it was never told: the name alone decides then.</param>
public sealed record SessionAtRouter(Guid TenantId, Guid RouterId, string UserName, IPAddress? Address)
{
    internal bool Is(string user, string address)
        => user == UserName && (Address is null || (IPAddress.TryParse(address, out var at) && at.Equals(Address)));

    /// <summary>Not the name: it may be a voucher's code.</summary>
    public override string ToString() => $"{Address} at router {RouterId}";
}

public abstract record ApiEnding
{
    private ApiEnding() { }

    public sealed record Ended : ApiEnding;

    /// <summary>The router has no such session any more.</summary>
    public sealed record WasGone : ApiEnding;

    /// <summary>The router's API is not used.</summary>
    public sealed record NotUsed : ApiEnding;

    public sealed record Refused(string Why) : ApiEnding;
}
