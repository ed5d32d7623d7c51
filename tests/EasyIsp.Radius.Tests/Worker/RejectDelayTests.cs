using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class RejectDelayTests(PostgresServer server)
{
    [Fact]
    public async Task A_refusal_waits_its_second_while_others_get_in_and_repeating_does_not_hurry_it()
    {
        await using var isp = await Isp.OpenAsync(server, rejectDelay: TimeSpan.FromSeconds(1));
        using var nas = await isp.AddRouterAsync();
        await isp.AddSubscriberAsync("ali");
        var refused = nas.AccessRequest("ali", "wrong");

        await nas.SendAsync(refused);
        Assert.Equal(PacketCode.AccessAccept, (await nas.AskAfterSilenceAsync(refused, nas.AccessRequest("ali", "hello123"))).Code);

        var answer = nas.ReceiveAsync(refused);
        await Isp.EventuallyAsync(() =>
        {
            isp.World.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(answer.IsCompleted);
        });
        Assert.Equal(PacketCode.AccessReject, (await answer).Code);
        Assert.Equal((await answer).Octets, (await nas.AskAsync(refused)).Octets);
    }
}
