using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>RFC 5997; reference/radius.md, case 65.</summary>
public sealed class StatusServerTests(PostgresServer server)
{
    [Fact]
    public async Task Each_port_says_that_it_lives_in_its_own_words_and_without_the_database()
    {
        await using var isp = await Isp.OpenAsync(server);
        using var nas = await isp.AddRouterAsync();
        await using var outage = await Outage.BeginAsync(isp.World.Database);

        var auth = await AskAsync(nas, ListenerRole.Authentication);
        var acct = await AskAsync(nas, ListenerRole.Accounting);

        Assert.Equal(PacketCode.AccessAccept, auth.Code);
        Assert.Equal([AttributeType.MessageAuthenticator], auth.Attributes);
        Assert.Equal(PacketCode.AccountingResponse, acct.Code);
        await outage.EndAsync();
    }

    [Fact]
    public async Task Unsigned_or_signed_with_another_secret_it_gets_no_answer()
    {
        await using var isp = await Isp.OpenAsync(server);
        using var nas = await isp.AddRouterAsync();
        var wrong = nas.StatusServer();
        wrong[^1] ^= 1;

        await nas.SendAsync(Wire.Packet(PacketCode.StatusServer), ListenerRole.Authentication);
        await nas.SendAsync(wrong, ListenerRole.Authentication);

        Assert.Equal(PacketCode.AccessAccept, (await AskAsync(nas, ListenerRole.Authentication)).Code);
    }

    private static async Task<Answer> AskAsync(TestNas nas, ListenerRole port)
    {
        var request = nas.StatusServer();
        await nas.SendAsync(request, port);
        return await nas.ReceiveAsync(request);
    }
}
