using System.Net;
using System.Text;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Paystack;
using EasyIsp.Emulators.Paystack;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Portal.Tests.Payments;

public sealed class SignedTests(PortalWorld portal) : IClassFixture<PortalWorld>, IAsyncLifetime
{
    private const string Key = "sk_test_portal";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"event":"charge.success","data":{"reference":"of-the-web-shop","status":"success","amount":100,"currency":"KES"}}""");

    private Guid _account;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        var world = portal.World;
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        _account = await portal.OpenPaystackAsync(Key);
        _path = (await world.AsTenantAsync<PaystackAccounts, Uri?>(
            accounts => accounts.WebhookAsync(_account, new Uri("http://portal.example"), TestContext.Current.CancellationToken)))!.AbsolutePath;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_signed_is_stored_answered_and_read()
    {
        using var answer = await PostAsync(_path, Body, PaystackEmulator.SignatureOf(Body, Key));
        await portal.ReadCallbacksAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([ProviderMessageOutcome.NotOurs], (await MessagesAsync()).Select(m => m.Outcome!.Value));
    }

    [Fact]
    public async Task A_forged_one_is_refused_and_nothing_is_kept()
    {
        using var unsigned = await PostAsync(_path, Body, signature: null);
        using var others = await PostAsync(_path, Body, PaystackEmulator.SignatureOf(Body, "sk_test_other"));
        using var changed = await PostAsync(_path, [.. Body, (byte)'\n'], PaystackEmulator.SignatureOf(Body, Key));

        Assert.All([unsigned, others, changed], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Empty(await MessagesAsync());
    }

    [Fact]
    public async Task An_unknown_address_is_not_found_a_huge_body_refused_and_an_mpesa_accounts_address_takes_nothing()
    {
        var signature = PaystackEmulator.SignatureOf(Body, Key);
        var huge = new byte[ProviderMessage.MaxBodyBytes + 1];
        using var unknown = await PostAsync($"/pay/hook/{new string('a', 32)}", Body, signature);
        using var large = await PostAsync(_path, huge, PaystackEmulator.SignatureOf(huge, Key));

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Empty(await MessagesAsync());
    }

    [Theory]
    [InlineData("cb")]
    [InlineData("res")]
    [InlineData("out")]
    public async Task Its_key_opens_no_address_where_nothing_is_signed(string door)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"event":"charge.success","data":{"reference":"EI{{{new string('B', 18)}}}","status":"success","amount":100,"currency":"KES"}}""");
        using var answer = await PostAsync($"/pay/{door}/{_path.Split('/')[^1]}/{new string('b', 64)}", body, signature: null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await MessagesAsync());
    }

    [Fact]
    public async Task A_replaced_address_is_answered_until_the_old_ones_are_ended()
    {
        var signature = PaystackEmulator.SignatureOf(Body, Key);
        await portal.World.AsTenantAsync<CallbackRotation, DateTimeOffset?>(rotation => rotation.RotateAsync(_account, CancellationToken.None));
        using var old = await PostAsync(_path, Body, signature);
        await portal.World.AsTenantAsync<CallbackRotation, int>(rotation => rotation.EndOldAsync(_account, CancellationToken.None));
        using var ended = await PostAsync(_path, Body, signature);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (old.StatusCode, ended.StatusCode));
    }

    [Fact]
    public async Task Another_companys_event_at_this_address_is_nobodys()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        await phone.BuyAsync(portal.HourId, "0712 000 290");
        await portal.SendPromptsAsync();
        var charge = portal.Paystack.Charges.Single(c => c.Phone == "+254712000290");
        portal.World.Clock.Advance(TimeSpan.FromSeconds(6));
        var theirs = await portal.World.FoundTenantAsync($"n{portal.NextNumber()}", "Coast Net");
        var account = await portal.OpenPaystackAsync("sk_test_coast", theirs);
        var path = (await portal.World.AsTenantAsync<PaystackAccounts, Uri?>(
            theirs, accounts => accounts.WebhookAsync(account, new Uri("http://portal.example"), CancellationToken.None)))!.AbsolutePath;
        var body = PaystackEmulator.EventOf(charge);

        using var answer = await PostAsync(path, body, PaystackEmulator.SignatureOf(body, "sk_test_coast"));
        await portal.ReadCallbacksAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await portal.World.ReadAsync(db => db.Payments.CountAsync(p => p.Receipt == charge.ReceiptNumber)));
        Assert.Equal(ProviderMessageOutcome.UnknownRequest, await portal.World.ReadAsync(
            theirs, db => db.ProviderMessages.Select(m => m.Outcome!.Value).SingleAsync()));
    }

    private Task<List<ProviderMessage>> MessagesAsync()
        => portal.World.ReadAsync(db => db.ProviderMessages.AsNoTracking().Where(m => m.PaymentAccountId == _account).ToListAsync());

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? signature)
    {
        using var client = portal.App.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (signature is not null)
            request.Headers.Add(PaystackSignature.Header, signature);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
