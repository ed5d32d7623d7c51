using System.Text;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments.Sms;

public sealed class ForwardingDoorTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly byte[] Body = SmsWorld.Body(SmsWorld.ToPaybill("1042", "UA17K4M2QX"));

    private PaymentWorld _world = null!;
    private TestPhone _phone = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        _phone = await _world.AddPhoneAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_a_phone_signs_is_kept_as_it_came()
    {
        Assert.Equal(ForwardOutcome.Stored, await _phone.SendAsync(Body));

        var sms = Assert.Single(await _world.SmsAsync());
        Assert.Equal(Body, sms.Body);
        Assert.Equal((MoneySmsSource.SignedByPhone, "MPESA", _phone.Id), (sms.Source, sms.Sender, sms.PhoneId!.Value));
        Assert.Null(sms.ProcessedAt);
    }

    [Fact]
    public async Task What_the_app_for_Android_signs_is_taken_too()
    {
        var body = Encoding.UTF8.GetBytes("""{"deviceId":"d","event":"sms:received","id":"x","payload":{"message":"UA1 hello","phoneNumber":"MPESA","simNumber":1},"webhookId":"w"}""");
        var signature = SmsSignature.Make(_phone.Key!, body, _world.World.Clock.GetUtcNow(), nonce: null);

        Assert.Equal(ForwardOutcome.Stored, await _phone.SendAsync(body, signature));
        Assert.Equal(ForwardOutcome.Replayed, await _phone.SendAsync(body, signature));
        Assert.Equal(("MPESA", "UA1 hello"), (await _world.SmsAsync()).Select(s => (s.Sender, s.Text!)).Single());
    }

    [Fact]
    public void The_signature_is_the_one_that_openssl_computes()
        // printf '1700000000.nonce-0001.{}' | openssl dgst -sha256 -hmac secret
        => Assert.Equal(
            "887aa73dea5fd068f77a0bb286e69ec5ae7eb45ee54b4d8edb2b50ec1273e058",
            SmsSignature.Make("secret", "{}"u8, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "nonce-0001").Hex);

    [Fact]
    public async Task What_is_not_signed_or_not_by_this_key_over_this_body_is_refused_and_not_kept()
    {
        var good = _phone.Sign(Body);
        var other = await _world.AddPhoneAsync();

        Assert.Equal(ForwardOutcome.NotSigned, await _phone.SendAsync(Body, null));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(SmsWorld.Body("another"), good));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(Body, good with { Nonce = "nonce-another" }));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(Body, good with { Nonce = null }));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(Body, good with { Timestamp = "1700000000" }));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(Body, good with { Hex = "zz" + good.Hex[2..] }));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(Body, good with { Hex = good.Hex[2..] }));
        Assert.Equal(ForwardOutcome.Forged, await _phone.SendAsync(Body, other.Sign(Body)));

        Assert.Empty(await _world.SmsAsync());
        var phone = await _world.World.ReadAsync(db => db.ForwardingPhones.SingleAsync(p => p.Id == _phone.Id));
        Assert.Equal(ForwardOutcome.Forged, phone.LastRefusal);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_time_stamp_too_far_from_our_clock_is_refused(int seconds)
        => Assert.Equal(
            ForwardOutcome.ClockApart,
            await _phone.SendAsync(Body, _phone.Sign(Body, _world.World.Clock.GetUtcNow().AddSeconds(seconds))));

    [Fact]
    public async Task A_request_that_comes_again_is_refused_and_an_SMS_that_comes_again_is_one_message()
    {
        var signature = _phone.Sign(Body);

        Assert.Equal(ForwardOutcome.Stored, await _phone.SendAsync(Body, signature));
        Assert.Equal(ForwardOutcome.Replayed, await _phone.SendAsync(Body, signature));
        Assert.Equal(ForwardOutcome.Known, await _phone.SendAsync(Body));

        Assert.Equal(2, Assert.Single(await _world.SmsAsync()).Deliveries);
    }

    [Fact]
    public async Task Of_many_deliveries_at_once_one_is_kept()
    {
        var signature = _phone.Sign(Body);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0 ? _phone.SendAsync(Body, signature) : _phone.SendAsync(Body)));

        Assert.Single(outcomes, ForwardOutcome.Stored);
        Assert.Equal(3, outcomes.Count(outcome => outcome == ForwardOutcome.Replayed));
        Assert.Single(await _world.SmsAsync());
    }

    [Fact]
    public async Task A_revoked_phone_is_refused()
    {
        await _world.World.AsTenantAsync<ForwardingDesk, bool>(desk => desk.RevokeAsync(_phone.Id, CancellationToken.None));

        Assert.Equal(ForwardOutcome.Revoked, await _phone.SendAsync(Body));
        Assert.Empty(await _world.SmsAsync());
    }

    [Fact]
    public async Task What_is_no_Unicode_or_no_SMS_is_kept_and_quarantined()
    {
        await _phone.SendAsync([.. "{\"text\":\""u8, 0xE9, .. "\"}"u8]);
        await _phone.SendAsync([0xFF, 0xFE, 0x00]);
        await _phone.SendAsync("{\"text\":[1,2]}"u8.ToArray());
        await _phone.SendAsync("{\"text\":\"\\ud800 half\",\"from\":\"\\u0000\"}"u8.ToArray());
        await _phone.SendAsync("from=MPESA&message=Hello%20there"u8.ToArray());
        await _world.ReadSmsAsync();

        var all = await _world.SmsAsync();
        Assert.Equal(4, all.Count(sms => sms.Outcome == MoneySmsOutcome.Malformed));
        Assert.Equal(("MPESA", "Hello there"), all.Where(sms => sms.Outcome == MoneySmsOutcome.NotRecognised).Select(sms => (sms.Sender, sms.Text!)).Single());
    }

    [Fact]
    public async Task A_better_proved_delivery_of_the_same_SMS_takes_its_place_and_a_worse_one_does_not()
    {
        var simple = await _world.AddPhoneAsync(signs: false);
        await simple.SendAsync(Body);
        await _world.ReadSmsAsync();

        await _phone.SendAsync(Body);
        await simple.SendAsync(Body);

        var sms = Assert.Single(await _world.SmsAsync());
        Assert.Equal((MoneySmsSource.SignedByPhone, _phone.Id, 3), (sms.Source, sms.PhoneId!.Value, sms.Deliveries));
        Assert.Null(sms.ProcessedAt);
    }

    [Fact]
    public async Task What_was_pasted_first_is_the_phones_afterwards()
    {
        await _world.World.AsTenantAsync<SmsPasting, int>(pasting => pasting.StoreAsync(SmsWorld.ToPaybill("1042", "UA17K4M2QX"), accountId: null, CancellationToken.None));

        Assert.Equal(ForwardOutcome.Known, await _phone.SendAsync(Body));
        Assert.Equal((MoneySmsSource.SignedByPhone, "MPESA"), (await _world.SmsAsync()).Select(s => (s.Source, s.Sender)).Single());
    }

    [Fact]
    public async Task Old_messages_lose_their_words_and_used_signatures_go()
    {
        await _phone.ForwardAsync(SmsWorld.ToPaybill("1042", "UA17K4M2QX"));
        _world.World.Clock.Advance(MoneySms.BodyKeptFor + TimeSpan.FromMinutes(1));

        await _world.World.Services.GetRequiredService<OldMoneySmsJob>().RunAsync(CancellationToken.None);

        var sms = Assert.Single(await _world.SmsAsync());
        Assert.Equal((null, null, "UA17K4M2QX"), (sms.Body, sms.Text, sms.Receipt));
        Assert.Equal(0, await _world.World.ReadAsync(db => db.UsedSignatures.CountAsync()));
    }
}
