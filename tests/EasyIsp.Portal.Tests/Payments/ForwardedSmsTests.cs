using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Payments.Sms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

/// <summary>What forwarding phones, and those that say they are, get to hear at the portal.</summary>
public sealed class ForwardedSmsTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task A_signed_SMS_is_stored_and_the_same_once_more_is_known()
    {
        var phone = await AddAsync();
        var body = Body(NewText());

        Assert.Equal((HttpStatusCode.OK, """{"status":"stored"}"""), await PostAsync(phone, body, Sign(phone, body)));
        Assert.Equal((HttpStatusCode.OK, """{"status":"known"}"""), await PostAsync(phone, body, Sign(phone, body)));

        var kept = await portal.World.ReadAsync(db => db.MoneySms.SingleAsync(s => s.PhoneId == phone.PhoneId));
        Assert.Equal((2, body.Length), (kept.Deliveries, kept.Body!.Length));
    }

    [Fact]
    public async Task Forged_replayed_late_and_unsigned_requests_are_refused_and_not_kept()
    {
        var phone = await AddAsync();
        var body = Body(NewText());
        var signature = Sign(phone, body);
        var late = SmsSignature.Make(phone.Key!, body, portal.World.Clock.GetUtcNow().AddMinutes(-6), "nonce-late-one");

        Assert.Equal((HttpStatusCode.Unauthorized, """{"status":"not-signed"}"""), await PostAsync(phone, body, null));
        Assert.Equal((HttpStatusCode.Unauthorized, """{"status":"wrong-signature"}"""), await PostAsync(phone, Body(NewText()), signature));
        Assert.Equal((HttpStatusCode.Unauthorized, """{"status":"clock-apart"}"""), await PostAsync(phone, body, late));
        Assert.Equal(0, await portal.World.ReadAsync(db => db.MoneySms.CountAsync(s => s.PhoneId == phone.PhoneId)));

        await PostAsync(phone, body, signature);
        Assert.Equal((HttpStatusCode.Conflict, """{"status":"replayed"}"""), await PostAsync(phone, body, signature));
        Assert.Equal(1, await portal.World.ReadAsync(db => db.MoneySms.Where(s => s.PhoneId == phone.PhoneId).Select(s => s.Deliveries).SingleAsync()));
    }

    [Fact]
    public async Task An_unknown_address_a_revoked_phone_and_a_huge_body_get_nothing_in()
    {
        var phone = await AddAsync();
        var huge = Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', MoneySms.MaxBodyBytes)}\"}}");

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(phone with { Path = $"/pay/sms/{new string('0', 32)}" }, Body("x"), null)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(phone, huge, Sign(phone, huge))).Status);
        await portal.World.AsTenantAsync<ForwardingDesk, bool>(desk => desk.RevokeAsync(phone.PhoneId, CancellationToken.None));
        var body = Body(NewText());
        Assert.Equal((HttpStatusCode.Gone, """{"status":"revoked"}"""), await PostAsync(phone, body, Sign(phone, body)));

        Assert.Equal(0, await portal.World.ReadAsync(db => db.MoneySms.CountAsync(s => s.PhoneId == phone.PhoneId)));
    }

    [Fact]
    public async Task A_phone_of_one_tenant_is_no_phone_of_another()
    {
        var stranger = await portal.World.FoundTenantAsync("stranger-sms", "Stranger");
        var phone = await AddAsync();
        var body = Body(NewText());

        await PostAsync(phone, body, Sign(phone, body));

        Assert.Equal(0, await portal.World.ReadAsync(stranger, db => db.MoneySms.CountAsync()));
        Assert.Empty(await portal.World.AsTenantAsync<ForwardingDesk, IReadOnlyList<ForwardingPhoneRow>>(stranger, desk => desk.PhonesAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task An_app_that_cannot_sign_sends_to_its_secret_address_and_in_another_encoding_is_kept_for_a_person()
    {
        var phone = await AddAsync(signs: false);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(phone, Body(NewText()), null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(phone, [.. "{\"text\":\""u8, 0xE9, 0xFF, .. "\"}"u8], null)).Status);
        await portal.App.Services.GetRequiredService<MoneySmsQueue>().ReadWaitingAsync(TestContext.Current.CancellationToken);

        var kept = await portal.World.ReadAsync(db => db.MoneySms.Where(s => s.PhoneId == phone.PhoneId).ToListAsync());
        Assert.All(kept, sms => Assert.Equal(MoneySmsSource.SecretAddress, sms.Source));
        Assert.Equal([MoneySmsOutcome.Hint, MoneySmsOutcome.Malformed], kept.Select(sms => sms.Outcome!.Value).Order());
    }

    [Fact]
    public async Task A_phone_that_sends_too_much_is_told_to_wait()
    {
        var phone = await AddAsync(signs: false);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i <= LimitRules.ForwardByPhone.Tries; i++)
            answers.Add((await PostAsync(phone, Body("again and again"), null)).Status);

        Assert.Equal(HttpStatusCode.OK, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    private string NewText() => $"UA{portal.NextNumber():D8} Confirmed. on 2/3/26 at 12:00 PM Ksh20.00 received from JANE WANJIKU 254712345678.  Account Number 1042 New Utility balance is Ksh45,310.00";

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes($$"""{"from":"MPESA","text":"{{text}}"}""");

    private SmsSignature Sign(AddPhoneOutcome.Added phone, byte[] body)
        => SmsSignature.Make(phone.Key!, body, portal.World.Clock.GetUtcNow(), $"nonce-{portal.NextNumber():D6}");

    private async Task<AddPhoneOutcome.Added> AddAsync(bool signs = true)
    {
        var account = await portal.World.ReadAsync(db => db.PaymentAccounts.Select(a => a.Id).SingleAsync());
        return Assert.IsType<AddPhoneOutcome.Added>(await portal.World.AsTenantAsync<ForwardingDesk, AddPhoneOutcome>(
            desk => desk.AddAsync(new ForwardingPhoneDraft("Office phone", account, signs), CancellationToken.None)));
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(AddPhoneOutcome.Added phone, byte[] body, SmsSignature? signature)
    {
        using var client = portal.App.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(phone.Path, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (signature is not null)
        {
            request.Headers.Add(SmsSignature.TimestampHeader, signature.Timestamp);
            request.Headers.Add(SmsSignature.NonceHeader, signature.Nonce);
            request.Headers.Add(SmsSignature.SignatureHeader, signature.Hex);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
