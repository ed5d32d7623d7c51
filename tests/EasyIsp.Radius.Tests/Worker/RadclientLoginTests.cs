using EasyIsp.Core.Shared;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>The worker as an independent client sees it.</summary>
public sealed class RadclientLoginTests(PostgresServer server)
{
    private const string Pppoe = "Service-Type=Framed-User,Framed-Protocol=PPP,Calling-Station-Id=BC:24:11:EB:56:4D,Message-Authenticator=0x00";

    [Fact]
    public async Task Radclient_logs_in_reports_and_is_refused()
    {
        await using var isp = await Isp.OpenAsync(server);
        using var nas = await isp.AddRouterAsync("127.0.0.1");
        await isp.AddSubscriberAsync("house", accessType: AccessType.Pppoe);

        await SaysAsync("auth", $"User-Name=house,User-Password=hello123,{Pppoe}", "Received Access-Accept", "Session-Timeout = 3600", "2000k/5000k");
        await SaysAsync("auth", $"User-Name=house,CHAP-Password=hello123,{Pppoe}", "Received Access-Accept", "Acct-Interim-Interval = 300");
        await SaysAsync("auth", $"User-Name=house,User-Password=wrong,{Pppoe}", "Received Access-Reject", "Wrong user name or password");
        await SaysAsync("auth", $"User-Name=house,{Pppoe}", "Received Access-Reject");
        await SaysAsync("auth", $"User-Name=house,MS-CHAP-Password=hello123,{Pppoe}", "Received Access-Reject", "MS-CHAP version 1 is not safe");
        await SaysAsync("status", "Message-Authenticator=0x00", "Received Access-Accept");
        await SaysAsync("acct", "User-Name=house,Acct-Status-Type=Start,Acct-Session-Id=81000001", "Received Accounting-Response");
        await SaysAsync(
            "acct",
            "User-Name=house,Acct-Status-Type=Stop,Acct-Session-Id=81000001,Acct-Output-Octets=5,Acct-Output-Gigawords=1",
            "Received Accounting-Response");
        Assert.Equal("house|4294967301", await isp.QueryAsync("user_name, downloaded_bytes) from sessions --"));

        async Task SaysAsync(string command, string attributes, params string[] expected)
        {
            var output = await Radclient.AskAsync(command == "acct" ? isp.Acct : isp.Auth, command, Isp.Secret, attributes);
            foreach (var text in expected)
                Assert.Contains(text, output, StringComparison.Ordinal);
        }
    }
}
