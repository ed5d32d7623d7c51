using System.Net;
using EasyIsp.Radius.Listen;
using Microsoft.Extensions.Logging.Abstractions;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>
/// An independent client judges our replies: FreeRADIUS's radclient verifies their authenticators and reports as
/// received only those that it believes.
/// </summary>
public sealed class RadclientTests : IDisposable
{
    private readonly RadiusCounts _counts = new();
    private readonly ReplyCache _cache = new(TimeProvider.System);

    public void Dispose()
    {
        _counts.Dispose();
        _cache.Dispose();
    }

    [Theory]
    [InlineData("auth", "User-Name=ali,User-Password=hello123", "Received Access-Accept")]
    [InlineData("auth", "User-Name=ali,User-Password=hello123,Message-Authenticator=0x00", "Received Access-Accept")]
    [InlineData("auth", "User-Name=ali,CHAP-Password=hello123,Message-Authenticator=0x00", "Received Access-Accept")]
    [InlineData("auth", "User-Name=ali,User-Password=wrong", "Received Access-Reject")]
    [InlineData("auth", "User-Password=hello123,Message-Authenticator=0x00,Proxy-State=0x0102", "Proxy-State = 0x0102")]
    [InlineData("auth", "User-Password=hello123,Message-Authenticator=0x00", "No reply", "another secret")]
    [InlineData("acct", "Acct-Status-Type=Start,Acct-Session-Id=81000001", "Received Accounting-Response")]
    [InlineData("acct", "User-Name=ali,Acct-Status-Type=Start", "No reply", "another secret")]
    [InlineData("status", "Message-Authenticator=0x00", "Received Access-Accept")]
    public async Task Radclient_is_answered_in_a_way_it_believes(
        string command, string attributes, string expected, string secret = "testing123")
    {
        var role = command == "acct" ? ListenerRole.Accounting : ListenerRole.Authentication;
        await using var listener = new UdpListener(
            new IPEndPoint(IPAddress.Loopback, 0),
            new PaperServer(role, _cache),
            _counts.Metrics,
            TimeProvider.System,
            NullLogger<UdpListener>.Instance);
        listener.Start();

        var output = await Radclient.AskAsync(listener.Endpoint, command, secret, attributes);

        Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
