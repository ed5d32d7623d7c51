using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Routers.RouterOs;
using EasyIsp.Core.Subscriptions;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Hotspot;

/// <summary>
/// Brings one waiting device online by its router's API (mikrotik.md, 5.3, variant B): works after a payment that took
/// its time, and when the captive browser is closed already.
/// </summary>
public sealed class HotspotSignIn(
    IspDatabase database, HotspotAccess access, LoginTokens tokens, RouterEndpoints endpoints, IRouterConnector routers)
{
    /// <summary>Carries out an order of kind <see cref="NetworkOrderKind.HotspotLogin"/>; twice does no harm.</summary>
    public async Task<OrderReport> CarryOutAsync(NetworkOrder order, CancellationToken cancellationToken)
    {
        if (order is not { CustomerId: { } customerId, MacAddress: { } mac, Address: { } address })
            return new OrderReport.Failed("The order names no device.", MayRetry: false);
        if (await EndpointAsync(order.RouterId, cancellationToken) is not { } endpoint)
            return new OrderReport.Done("The browser logs in by itself: the router's API is not used.");

        var device = new DeviceAtHotspot(mac, address);
        try
        {
            await using var router = await routers.ConnectAsync(endpoint, cancellationToken);
            // What the browser said of itself is believed only when the router says so too.
            var host = (await router.HotspotHostsAsync(mac, cancellationToken)).FirstOrDefault(h => IsAt(h, device));
            if (host is null)
                return new OrderReport.Failed("The router knows no such device at this address.", MayRetry: true);
            if (host.IsAuthorized)
                return new OrderReport.Done("The device was online already.");
            if (await TokenAsync(customerId, mac, cancellationToken) is not { } pair)
                return new OrderReport.Failed("The customer has nothing that runs now.", MayRetry: false);

            await router.LoginHotspotAsync(host.Address, mac, pair.Username, pair.Password, cancellationToken);
            return new OrderReport.Done("The router let the device in.");
        }
        catch (RouterOsException exception)
        {
            return new OrderReport.Failed(exception.Message, MayRetry: exception.Failure is not RouterOsFailure.SignInRefused);
        }
    }

    private static bool IsAt(HotspotHost host, DeviceAtHotspot device)
    {
        var address = device.Address.ToString();
        return host.Mac == device.MacAddress && (host.Address == address || host.ToAddress == address);
    }

    private async Task<RouterEndpoint?> EndpointAsync(Guid routerId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await endpoints.FindAsync(db, db.CurrentTenantId, routerId, cancellationToken);
    }

    /// <returns>Null when RADIUS would refuse the customer.</returns>
    private async Task<LoginPair?> TokenAsync(Guid customerId, string mac, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await access.OfAsync(db, customerId, mac, cancellationToken) is not { IsUsable: true })
            return null;

        var customer = await db.Customers.SingleAsync(c => c.Id == customerId, cancellationToken);
        var pair = tokens.Issue(db, customer, mac);
        await db.CommitAsync(cancellationToken);
        return pair;
    }
}
