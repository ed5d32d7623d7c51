using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EasyIsp.Core.Payments.Sms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Tests.Payments.Sms;

/// <summary>The owner's phone beside the Paybill, and what it passes on.</summary>
internal static class SmsWorld
{
    /// <summary>As M-Pesa writes it to the Paybill's owner; the world's clock stands at noon in Nairobi.</summary>
    public static string ToPaybill(string account, string receipt, decimal amount = 20, string from = "254712345678", DateTimeOffset? at = null)
        => string.Create(CultureInfo.InvariantCulture,
            $"{receipt} Confirmed. on {WrittenAt(at)} Ksh{amount:#,0.00} received from JANE WANJIKU {from}.  Account Number {account} New Utility balance is Ksh45,310.00");

    public static string ToTill(string receipt, decimal amount = 20, string from = "254712345678", DateTimeOffset? at = null)
        => string.Create(CultureInfo.InvariantCulture,
            $"{receipt} Confirmed.on {WrittenAt(at)}Ksh{amount:#,0.00} received from {from} JANE WANJIKU. New Account balance is Ksh12,040.00. Transaction cost, Ksh8.25.");

    private static string WrittenAt(DateTimeOffset? at) => at?.InNairobi("d/M/yy 'at' h:mm tt") ?? "2/3/26 at 12:00 PM";

    public static byte[] Body(string text, string sender = "MPESA")
        => Encoding.UTF8.GetBytes(new JsonObject { ["from"] = sender, ["text"] = text }.ToJsonString());

    /// <summary>A phone for the account that is used now.</summary>
    public static async Task<TestPhone> AddPhoneAsync(this PaymentWorld world, bool signs = true)
    {
        var owner = await world.OwnerAsync();
        var added = (AddPhoneOutcome.Added)await world.World.AsTenantAsync<ForwardingDesk, AddPhoneOutcome>(
            desk => desk.AddAsync(new ForwardingPhoneDraft("Office phone", owner.PaymentAccountId, signs), CancellationToken.None));
        return new TestPhone(world, added.PhoneId, added.Path[(added.Path.LastIndexOf('/') + 1)..], added.Key);
    }

    public static async Task LetBookAsync(this PaymentWorld world, params MoneySmsFamily[] families)
    {
        var owner = await world.OwnerAsync();
        await world.World.AsTenantAsync<ForwardingDesk, bool>(desk => desk.LetBookAsync(owner.PaymentAccountId, families, CancellationToken.None));
    }

    public static Task<int> ReadSmsAsync(this PaymentWorld world)
        => world.World.Services.GetRequiredService<MoneySmsQueue>().ReadWaitingAsync(CancellationToken.None);

    public static Task<int> JoinSmsAsync(this PaymentWorld world)
        => world.World.Services.GetRequiredService<MoneySmsJoining>().RunAsync(CancellationToken.None);

    public static Task<List<MoneySms>> SmsAsync(this PaymentWorld world)
        => world.World.ReadAsync(db => db.MoneySms.AsNoTracking().OrderBy(s => s.Id).ToListAsync());

    public static Task<T> ListAsync<T>(this PaymentWorld world, Func<MoneySmsList, Task<T>> ask)
        => world.World.AsTenantAsync<MoneySmsList, T>(ask);
}

/// <summary>A phone that passes SMS on, as the product knows it.</summary>
internal sealed record TestPhone(PaymentWorld World, Guid Id, string AddressKey, string? Key)
{
    private static int _nonces;

    /// <summary>Sends and has it read.</summary>
    /// <returns>The outcome of this SMS.</returns>
    public async Task<MoneySmsOutcome?> ForwardAsync(string text, string sender = "MPESA")
    {
        await SendAsync(SmsWorld.Body(text, sender));
        await World.ReadSmsAsync();
        return (await World.SmsAsync()).Single(s => s.Text == SmsText.Collapse(text)).Outcome;
    }

    public Task<ForwardOutcome> SendAsync(byte[] body) => SendAsync(body, Key is null ? null : Sign(body));

    public SmsSignature Sign(byte[] body, DateTimeOffset? at = null)
        => SmsSignature.Make(Key!, body, at ?? World.World.Clock.GetUtcNow(), $"nonce-{Interlocked.Increment(ref _nonces):D8}");

    public async Task<ForwardOutcome> SendAsync(byte[] body, SmsSignature? signature)
    {
        var caller = await World.World.Services.GetRequiredService<ForwardingAddresses>().FindAsync(AddressKey, CancellationToken.None);
        return await World.World.AsTenantAsync<ForwardingDoor, ForwardOutcome>(
            caller!.TenantId, door => door.TakeAsync(caller, signature, IPAddress.Loopback, body, CancellationToken.None));
    }
}
