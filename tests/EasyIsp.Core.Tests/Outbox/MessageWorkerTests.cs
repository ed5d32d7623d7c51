using EasyIsp.Core.Outbox;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class MessageWorkerTests(PostgresServer server)
{
    [Fact]
    public async Task A_message_is_dealt_with_as_soon_as_its_transaction_has_ended_without_any_clock()
    {
        await using var world = await World.OpenAsync(server);
        var feed = world.Services.GetRequiredService<ChangeFeed>();
        using var settled = new ChangeBell(feed, "messages", TimeProvider.System);
        using var worker = ActivatorUtilities.CreateInstance<MessageWorker>(world.Services);
        await feed.StartAsync(CancellationToken.None);
        await worker.StartAsync(CancellationToken.None);

        await world.WriteAsync(db =>
        {
            db.Messages.Add(Message.Sms(
                world.TenantId, "+254712345678", "Asante", MessageClass.Transactional, null, null, world.Clock.GetUtcNow()));
            return Task.FromResult(0);
        });
        var state = MessageState.Waiting;
        for (var i = 0; i < 20 && state == MessageState.Waiting; i++)
        {
            await settled.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None);
            state = await world.ReadAsync(db => db.Messages.Select(m => m.State).SingleAsync());
        }

        Assert.Equal(MessageState.Failed, state); // no account
        await worker.StopAsync(CancellationToken.None);
        await feed.StopAsync(CancellationToken.None);
    }
}
