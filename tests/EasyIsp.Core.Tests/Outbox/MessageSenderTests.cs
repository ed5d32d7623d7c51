using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class MessageSenderTests(PostgresServer server) : IAsyncLifetime
{
    private readonly PaperGateway _gateway = new();
    private World _world = null!;

    private MessageSender Sender => ActivatorUtilities.CreateInstance<MessageSender>(_world.Services, _gateway);

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_message_goes_out_by_the_tenants_own_account_and_keeps_the_gateways_id()
    {
        await OpenAccountAsync();
        await WriteAsync(MessageClass.Transactional, "Asante");

        Assert.Equal(1, await SendAsync());
        Assert.Equal(0, await SendAsync());

        var (account, phone, text) = Assert.Single(_gateway.Sent);
        Assert.Equal(("SAVANNA", "key-of-savanna", "+254712345678", "Asante"), (account.SenderId, account.ApiKey, phone, text));
        var message = await MessageAsync();
        Assert.Equal((MessageState.Sent, "77001", 1, (string?)null), (message.State, message.ProviderId, message.Tries, message.Failure));
        Assert.Equal(_world.Clock.GetUtcNow(), message.SentAt);
    }

    [Fact]
    public async Task A_tenant_without_an_account_sees_why_nothing_was_sent()
    {
        await WriteAsync(MessageClass.Transactional);

        await SendAsync();

        var message = await MessageAsync();
        Assert.Equal((MessageState.Failed, "No SMS account is set up (not sent)"), (message.State, message.Failure));
        Assert.Empty(_gateway.Sent);
    }

    [Theory]
    [InlineData(SmsRetryClass.Transient, false)]
    [InlineData(SmsRetryClass.Number, true)]
    [InlineData(null, true)]
    public async Task A_code_is_sent_in_the_place_of_what_the_list_shows_and_is_kept_no_longer_than_it_is_needed(SmsRetryClass? refusal, bool isOver)
    {
        await OpenAccountAsync();
        if (refusal is { } why)
            _gateway.Answer = new SmsSendResult.Refused("1", "", why);
        await _world.WriteAsync(db =>
        {
            var secret = _world.Services.GetRequiredService<SecretCodec>().Protect(_world.TenantId, "12345678 is your code");
            db.Messages.Add(Message.SecretSms(_world.TenantId, "+254712345678", "******** is your code", secret, causeId: null, _world.Clock.GetUtcNow()));
            return Task.FromResult(0);
        });

        await SendAsync();

        Assert.Equal("12345678 is your code", Assert.Single(_gateway.Sent).Text);
        var message = await MessageAsync();
        Assert.Equal(("******** is your code", isOver), (message.Text, message.SecretText is null));
    }

    [Theory]
    [InlineData(SmsRetryClass.Transient, MessageState.Waiting)]
    [InlineData(SmsRetryClass.Throttled, MessageState.Waiting)]
    [InlineData(SmsRetryClass.Funds, MessageState.Waiting)]
    [InlineData(SmsRetryClass.Config, MessageState.Failed)]
    [InlineData(SmsRetryClass.Number, MessageState.Failed)]
    [InlineData(SmsRetryClass.Blocked, MessageState.Failed)]
    [InlineData(SmsRetryClass.Unknown, MessageState.Failed)]
    public async Task A_refusal_waits_where_time_may_help_and_fails_where_a_person_must(SmsRetryClass retryClass, MessageState state)
    {
        await OpenAccountAsync();
        await WriteAsync(MessageClass.Transactional);
        _gateway.Answer = new SmsSendResult.Refused("1004", "Low bulk credits", retryClass);

        await SendAsync();

        var message = await MessageAsync();
        Assert.Equal((state, "Low bulk credits (1004)"), (message.State, message.Failure));
    }

    [Theory]
    [InlineData(MessageClass.Transactional, MessageState.Waiting)]
    [InlineData(MessageClass.OneTimePassword, MessageState.Waiting)]
    [InlineData(MessageClass.Promotional, MessageState.Failed)]
    public async Task What_may_have_been_sent_is_sent_again_only_where_a_double_does_no_harm(MessageClass kind, MessageState state)
    {
        await OpenAccountAsync();
        await WriteAsync(kind);
        _gateway.Answer = new SmsSendResult.Unknown("No answer in time");

        await SendAsync();

        var message = await MessageAsync();
        Assert.Equal((state, "No answer in time"), (message.State, message.Failure));
    }

    [Fact]
    public async Task Tries_come_at_growing_pauses_and_end()
    {
        await OpenAccountAsync();
        await WriteAsync(MessageClass.Transactional);
        _gateway.Answer = new SmsSendResult.Refused("HTTP 503", "", SmsRetryClass.Transient);

        foreach (var pause in new[] { 10, 30, 90, 270 })
        {
            Assert.Equal(1, await SendAsync());
            _world.Clock.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.Equal(0, await SendAsync());
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, await SendAsync());
        Assert.Equal((MessageState.Failed, 5), ((await MessageAsync()).State, _gateway.Sent.Count));
    }

    [Fact]
    public async Task Senders_that_work_side_by_side_send_each_message_once()
    {
        await OpenAccountAsync();
        for (var i = 0; i < 40; i++)
            await WriteAsync(MessageClass.Transactional, $"Text {i}");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync()));

        Assert.Equal(40, _gateway.Sent.Select(sent => sent.Text).Distinct().Count());
        Assert.Equal(40, _gateway.Sent.Count);
    }

    [Theory]
    [InlineData(MessageClass.Transactional, 1, MessageState.Sent)]
    [InlineData(MessageClass.Promotional, 0, MessageState.Failed)]
    public async Task The_message_of_a_sender_that_died_comes_back_unless_it_is_a_promotion(MessageClass kind, int sent, MessageState state)
    {
        await OpenAccountAsync();
        await WriteAsync(kind);
        await _world.Services.GetRequiredService<MessageQueue>().TakeAsync(10, CancellationToken.None);

        Assert.Equal(0, await SendAsync());
        _world.Clock.Advance(MessageQueue.Lease);
        await SendAsync();

        Assert.Equal((sent, state), (_gateway.Sent.Count, (await MessageAsync()).State));
    }

    [Fact]
    public async Task A_number_that_no_gateway_takes_fails_at_once_and_hinders_nobody()
    {
        await OpenAccountAsync();
        await WriteAsync(MessageClass.Transactional, phone: "0712");
        await WriteAsync(MessageClass.Transactional, "For another");

        Assert.Equal(2, await SendAsync());

        Assert.Equal("For another", Assert.Single(_gateway.Sent).Text);
    }

    [Fact]
    public async Task Staff_find_a_message_by_its_phone_its_text_and_its_state()
    {
        await WriteAsync(MessageClass.Transactional, "KES 50 received");
        await WriteAsync(MessageClass.Transactional, "Other", "+254798765432");

        Assert.Equal("KES 50 received", Assert.Single((await ListAsync(new(new PageOf(0, 25), Search: "0712 345678"))).Rows).Text);
        Assert.Equal("KES 50 received", Assert.Single((await ListAsync(new(new PageOf(0, 25), Search: "kes 50"))).Rows).Text);
        Assert.Equal(2, (await ListAsync(new(new PageOf(0, 25), MessageState.Waiting))).Total);
        Assert.Equal(0, (await ListAsync(new(new PageOf(0, 25), MessageState.Failed, Descending: false))).Total);
    }

    private Task<int> SendAsync() => Sender.SendDueAsync(CancellationToken.None);

    private Task<Message> MessageAsync() => _world.ReadAsync(db => db.Messages.SingleAsync());

    private Task<Page<MessageRow>> ListAsync(MessageQuery query)
        => _world.AsTenantAsync<MessageLists, Page<MessageRow>>(lists => lists.ListAsync(query, CancellationToken.None));

    private Task<int> WriteAsync(MessageClass kind, string text = "Asante", string phone = "+254712345678") => _world.WriteAsync(db =>
    {
        db.Messages.Add(Message.Sms(_world.TenantId, phone, text, kind, null, null, _world.Clock.GetUtcNow()));
        return Task.FromResult(0);
    });

    private Task<int> OpenAccountAsync() => _world.WriteAsync(db =>
    {
        var key = _world.Services.GetRequiredService<SecretCodec>().Protect(_world.TenantId, "key-of-savanna");
        db.SmsAccounts.Add(SmsAccount.Open(
            _world.TenantId, "https://sms.textsms.co.ke", "77", key, "SAVANNA", _world.Clock.GetUtcNow()));
        return Task.FromResult(0);
    });
}
