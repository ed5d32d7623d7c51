using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class SmsAccountsTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly NewSmsAccount TextSms = new("https://sms.textsms.co.ke/", "77", "key", "SAVANNA");

    private readonly PaperGateway _gateway = new();
    private World _world = null!;

    public async ValueTask InitializeAsync()
        => _world = await World.OpenAsync(server, services => services.AddSingleton<ISmsGateway>(_gateway));

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_new_account_takes_the_place_of_the_one_in_use()
    {
        await OpenAsync(TextSms);
        await OpenAsync(TextSms with { SenderId = "SAVANNA2" });

        var used = await AsAsync(accounts => accounts.FindAsync(CancellationToken.None));

        Assert.Equal(("https://sms.textsms.co.ke", "SAVANNA2"), (used!.BaseUrl, used.SenderId));
        Assert.Equal(1, await _world.ReadAsync(db => db.SmsAccounts.CountAsync(a => a.DisabledAt == null)));
        Assert.Equal(2, await DeedsAsync("sms-account.open"));
    }

    [Fact]
    public async Task What_is_malformed_is_named_and_nothing_is_opened()
    {
        var refused = Assert.IsType<SmsAccountOutcome.Refused>(await OpenAsync(new NewSmsAccount("sms.example", "", " ", "TWELVE-SIGNS")));

        Assert.Equal(Enum.GetValues<SmsAccountFault>(), refused.Faults);
        Assert.Null(await AsAsync(accounts => accounts.FindAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task A_test_text_goes_through_the_outbox_like_any_other()
    {
        await OpenAsync(TextSms);

        var outcome = await SendTestAsync("0712 345 678");

        Assert.Equal("+254712345678", Assert.IsType<TestTextOutcome.Written>(outcome).Recipient);
        await _world.Services.GetRequiredService<MessageSender>().SendDueAsync(CancellationToken.None);
        var (account, phone, text) = Assert.Single(_gateway.Sent);
        Assert.Equal(("SAVANNA", "key", "+254712345678", "Savanna Net: this is a test message."), (account.SenderId, account.ApiKey, phone, text));
        Assert.Equal(1, await DeedsAsync("sms-account.send-test"));
    }

    [Fact]
    public async Task Without_a_phone_or_an_account_no_text_is_written()
    {
        Assert.IsType<TestTextOutcome.NoPhone>(await SendTestAsync("12"));
        Assert.IsType<TestTextOutcome.NoAccount>(await SendTestAsync("0712345678"));
        Assert.Equal(0, await _world.ReadAsync(db => db.Messages.CountAsync()));
    }

    [Fact]
    public async Task A_disabled_account_has_no_balance_to_ask_for()
    {
        await OpenAsync(TextSms);
        Assert.Equal(new SmsBalanceResult.Known(100), await AsAsync(accounts => accounts.BalanceAsync(CancellationToken.None)));

        Assert.True(await AsAsync(accounts => accounts.DisableAsync(CancellationToken.None)));
        Assert.False(await AsAsync(accounts => accounts.DisableAsync(CancellationToken.None)));

        Assert.Null(await AsAsync(accounts => accounts.BalanceAsync(CancellationToken.None)));
        Assert.Equal(1, await DeedsAsync("sms-account.disable"));
    }

    private Task<T> AsAsync<T>(Func<SmsAccounts, Task<T>> work) => _world.AsTenantAsync(work);

    private Task<SmsAccountOutcome> OpenAsync(NewSmsAccount account) => AsAsync(accounts => accounts.OpenAsync(account, CancellationToken.None));

    private Task<TestTextOutcome> SendTestAsync(string phone) => AsAsync(accounts => accounts.SendTestAsync(phone, CancellationToken.None));

    private Task<int> DeedsAsync(string action) => _world.ReadAsync(db => db.AuditEvents.CountAsync(a => a.Action == action));
}
