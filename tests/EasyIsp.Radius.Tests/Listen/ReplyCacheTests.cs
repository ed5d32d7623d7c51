using System.Net;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>reference/radius.md, cases 30 to 34.</summary>
public sealed class ReplyCacheTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly byte[] _reply = new byte[RadiusPacket.MaxSize];
    private readonly ReplyCache _cache;

    public ReplyCacheTests() => _cache = new ReplyCache(_time);

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void A_retransmission_after_the_reply_gets_the_very_same_octets()
    {
        var key = Key();

        Assert.Equal(ReplyCacheOutcome.New, Begin(key));
        Assert.True(_cache.TryComplete(key, MikrotikVectors.Accept));

        Assert.Equal(ReplyCacheOutcome.Answered, Begin(key));
        Assert.Equal(MikrotikVectors.Accept, _reply[.._cache.Recall(key, _reply)]);
    }

    [Fact]
    public void A_retransmission_while_the_first_is_worked_on_is_ignored()
    {
        Begin(Key());

        Assert.Equal(ReplyCacheOutcome.InProgress, Begin(Key()));
        Assert.Equal(ReplyCacheOutcome.InProgress, Begin(Key()));
    }

    [Fact]
    public void Another_authenticator_is_a_new_request_and_the_old_reply_is_gone()
    {
        Begin(Key(authenticator: 1));
        _cache.TryComplete(Key(authenticator: 1), MikrotikVectors.Accept);

        Assert.Equal(ReplyCacheOutcome.New, Begin(Key(authenticator: 2)));
        Assert.Equal(ReplyCacheOutcome.InProgress, Begin(Key(authenticator: 2)));
        Assert.Equal(1, _cache.Count);
    }

    [Fact]
    public void The_reply_to_a_request_that_was_replaced_meanwhile_is_not_to_be_sent()
    {
        Begin(Key(authenticator: 1));
        Begin(Key(authenticator: 2));

        Assert.False(_cache.TryComplete(Key(authenticator: 1), MikrotikVectors.Reject));
        Assert.Equal(ReplyCacheOutcome.InProgress, Begin(Key(authenticator: 2)));
        _cache.Abandon(Key(authenticator: 1));
        Assert.True(_cache.TryComplete(Key(authenticator: 2), MikrotikVectors.Accept));
    }

    [Fact]
    public void One_identifier_from_other_ports_addresses_and_codes_is_independent()
    {
        Begin(Key());

        Assert.Equal(ReplyCacheOutcome.New, Begin(Key(port: 40001)));
        Assert.Equal(ReplyCacheOutcome.New, Begin(Key(address: "127.0.0.2")));
        Assert.Equal(ReplyCacheOutcome.New, Begin(Key(code: PacketCode.AccountingRequest)));
        Assert.Equal(ReplyCacheOutcome.New, Begin(Key(identifier: 2)));
    }

    [Fact]
    public void A_request_given_up_is_worked_on_anew_when_it_comes_again()
    {
        Begin(Key());
        _cache.Abandon(Key());

        Assert.Equal(ReplyCacheOutcome.New, Begin(Key()));
    }

    [Fact]
    public void A_reply_is_repeated_for_thirty_seconds_and_then_forgotten()
    {
        Begin(Key());
        _cache.TryComplete(Key(), MikrotikVectors.Accept);

        _time.Advance(ReplyCache.Lifetime - TimeSpan.FromTicks(1));
        Assert.Equal(ReplyCacheOutcome.Answered, Begin(Key()));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ReplyCacheOutcome.New, Begin(Key()));
    }

    [Fact]
    public void An_idle_cache_becomes_empty_by_itself()
    {
        for (var port = 1; port <= 500; port++)
            Begin(Key(port: port));
        Assert.Equal(500, _cache.Count);

        _time.Advance(ReplyCache.Lifetime + TimeSpan.FromSeconds(5));

        Assert.Equal(0, _cache.Count);
    }

    [Fact]
    public void Identifiers_reused_at_full_speed_cause_no_false_duplicate_and_bounded_memory()
    {
        for (uint request = 0; request < 100_000; request++)
        {
            var key = Key(port: 40000 + (int)(request / 256 % 16), identifier: (byte)request, authenticator: request);
            Assert.Equal(ReplyCacheOutcome.New, Begin(key));
            Assert.True(_cache.TryComplete(key, MikrotikVectors.AccountingResponse));
            _time.Advance(TimeSpan.FromMicroseconds(50));
        }

        Assert.Equal(16 * 256, _cache.Count);
    }

    [Fact]
    public void Beyond_its_capacity_the_oldest_are_forgotten()
    {
        using var small = new ReplyCache(_time, capacity: 64);

        for (var port = 1; port <= 10_000; port++)
            small.Begin(Key(port: port));

        Assert.InRange(small.Count, 1, 64);
        Assert.Equal(ReplyCacheOutcome.InProgress, small.Begin(Key(port: 10_000)));
    }

    [Fact]
    public async Task Of_many_threads_with_one_request_exactly_one_works_on_it()
    {
        const int rounds = 2_000;
        var outcomes = new int[3];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var port = 1; port <= rounds; port++)
                    Interlocked.Increment(ref outcomes[(int)_cache.Begin(Key(port: port))]);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(rounds, outcomes[(int)ReplyCacheOutcome.New]);
        Assert.Equal(3 * rounds, outcomes[(int)ReplyCacheOutcome.InProgress]);
    }

    private static RequestKey Key(
        string address = "127.0.0.1",
        int port = 40000,
        PacketCode code = PacketCode.AccessRequest,
        byte identifier = 1,
        uint authenticator = 1)
    {
        var source = PeerEndpoint.From(new IPEndPoint(IPAddress.Parse(address), port));
        return new RequestKey(new RequestSlot(source, code, identifier), authenticator);
    }

    private ReplyCacheOutcome Begin(in RequestKey key) => _cache.Begin(key);
}
