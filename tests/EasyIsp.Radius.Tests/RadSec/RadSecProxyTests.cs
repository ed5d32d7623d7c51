using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.RadSec;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Radius.Tests.Worker;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.RadSec;

/// <summary>The worker as an independent RadSec client sees it, with a certificate of the platform's authority.</summary>
public sealed class RadSecProxyTests(PostgresServer server)
{
    private const string Pppoe = "Service-Type=Framed-User,Framed-Protocol=PPP,Calling-Station-Id=BC:24:11:EB:56:4D,Message-Authenticator=0x00";

    [Fact]
    public async Task Radsecproxy_brings_logins_and_reports_over_TLS()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var isp = await Isp.OpenRadSecAsync(server, now: new DateTimeOffset(now.Date, TimeSpan.Zero));
        using var nas = await isp.AddRouterAsync("127.0.2.1");
        await isp.AddSubscriberAsync("house", accessType: AccessType.Pppoe);
        var certificate = await isp.IssueCertificateAsync(nas.Id);
        var authority = await isp.World.AsTenantAsync<RadSecDesk, string>(desk => Task.FromResult(desk.AuthorityPem()));
        await using var proxy = RadSecProxy.Start(isp, certificate, authority);
        await Isp.EventuallyAsync(() => Task.FromResult(isp.Worker<RadSecPort>().ConnectionCount == 1));

        await SaysAsync("auth", $"User-Name=house,User-Password=hello123,{Pppoe}", "Received Access-Accept", "Session-Timeout = 3600", "2000k/5000k");
        await SaysAsync("auth", $"User-Name=house,CHAP-Password=hello123,{Pppoe}", "Received Access-Accept");
        await SaysAsync("auth", $"User-Name=house,User-Password=wrong,{Pppoe}", "Received Access-Reject", "Wrong user name or password");
        await SaysAsync("acct", "User-Name=house,Acct-Status-Type=Start,Acct-Session-Id=81000001", "Received Accounting-Response");
        await SaysAsync(
            "acct",
            "User-Name=house,Acct-Status-Type=Stop,Acct-Session-Id=81000001,Acct-Output-Octets=5,Acct-Output-Gigawords=1",
            "Received Accounting-Response");
        Assert.Equal($"{nas.Id}|house|4294967301", await isp.QueryAsync("router_id, user_name, downloaded_bytes) from sessions --"));

        async Task SaysAsync(string command, string attributes, params string[] expected)
        {
            var output = await Radclient.AskAsync(proxy.Endpoint, command, Isp.Secret, attributes);
            foreach (var text in expected)
                Assert.Contains(text, output, StringComparison.Ordinal);
        }
    }
}
