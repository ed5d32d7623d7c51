using System.Net;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Vouchers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Vouchers;

public sealed class VoucherRedemptionTests(PostgresServer server) : IAsyncLifetime
{
    private const string Phone1 = "AA:BB:CC:00:00:01";
    private const string Phone2 = "AA:BB:CC:00:00:02";

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_voucher_opens_its_package_for_whoever_types_it_in_any_spelling()
    {
        var package = await _world.AddPackageAsync(duration: TimeSpan.FromHours(6));
        var code = await _world.CodeAsync(package);

        var outcome = await _world.RedeemAsync(code.ToLowerInvariant().Replace('-', ' ') + " ", Phone1);

        var redeemed = Assert.IsType<RedeemOutcome.Redeemed>(outcome);
        Assert.Equal(_world.Clock.GetUtcNow().AddHours(6), redeemed.EndsAt);
        var purchase = await _world.ReadAsync(db => db.Purchases.SingleAsync());
        Assert.Equal((redeemed.CustomerId, PurchaseMeans.Voucher, 0m), (purchase.CustomerId, purchase.PaidBy, purchase.Price));
        var voucher = await _world.ReadAsync(db => db.Vouchers.SingleAsync());
        Assert.Equal((redeemed.CustomerId, _world.Clock.GetUtcNow()), (voucher.RedeemedBy, voucher.RedeemedAt));
    }

    [Fact]
    public async Task Of_a_hundred_who_type_one_code_at_once_exactly_one_gets_it()
    {
        var code = await _world.CodeAsync(await _world.AddPackageAsync());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _world.RedeemAsync(code, $"AA:BB:CC:00:01:{i:D2}")));

        Assert.Single(outcomes.OfType<RedeemOutcome.Redeemed>());
        Assert.Equal(99, outcomes.OfType<RedeemOutcome.AlreadyUsed>().Count());
        Assert.Equal(1, await _world.ReadAsync(db => db.Subscriptions.CountAsync()));
        Assert.Equal(1, await _world.ReadAsync(db => db.Customers.CountAsync()));
    }

    [Fact]
    public async Task Two_codes_of_one_package_make_one_longer_access()
    {
        var package = await _world.AddPackageAsync(duration: TimeSpan.FromHours(6));
        await _world.RedeemAsync(await _world.CodeAsync(package), Phone1);

        var second = await _world.RedeemAsync(await _world.CodeAsync(package), Phone1);

        Assert.Equal(_world.Clock.GetUtcNow().AddHours(12), Assert.IsType<RedeemOutcome.Redeemed>(second).EndsAt);
    }

    [Fact]
    public async Task A_used_code_says_whose_it_is_and_whether_the_same_device_typed_it()
    {
        var code = await _world.CodeAsync(await _world.AddPackageAsync(duration: TimeSpan.FromHours(6)));
        var redeemed = Assert.IsType<RedeemOutcome.Redeemed>(await _world.RedeemAsync(code, Phone1));

        var again = await _world.RedeemAsync(code, Phone1);
        var stranger = await _world.RedeemAsync(code, Phone2);

        Assert.Equal(new RedeemOutcome.AlreadyUsed(redeemed.CustomerId, true, redeemed.EndsAt), again);
        Assert.Equal(new RedeemOutcome.AlreadyUsed(redeemed.CustomerId, false, redeemed.EndsAt), stranger);
        _world.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(new RedeemOutcome.AlreadyUsed(redeemed.CustomerId, true, null), await _world.RedeemAsync(code, Phone1));
    }

    [Fact]
    public async Task A_code_is_refused_from_the_moment_its_shelf_life_ends()
    {
        var code = await _world.CodeAsync(await _world.AddPackageAsync(), TimeSpan.FromDays(30));
        _world.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(new RedeemOutcome.Expired(_world.Clock.GetUtcNow()), await _world.RedeemAsync(code, Phone1));
    }

    [Fact]
    public async Task A_revoked_code_opens_nothing()
    {
        var package = await _world.AddPackageAsync();
        var batch = await _world.GenerateAsync(package, 1);
        var code = (await _world.RevealAsync(batch))[0].Code;
        await _world.AsTenantAsync<VoucherDesk, int>(desk => desk.RevokeBatchAsync(batch, CancellationToken.None));

        Assert.IsType<RedeemOutcome.Revoked>(await _world.RedeemAsync(code, Phone1));
    }

    [Fact]
    public async Task A_code_of_a_package_that_is_no_longer_sold_stays_unused()
    {
        var package = await _world.AddPackageAsync();
        var code = await _world.CodeAsync(package);
        await _world.WriteAsync(async db =>
        {
            (await db.Packages.SingleAsync()).Archive(_world.Clock.GetUtcNow());
            return 0;
        });

        Assert.IsType<RedeemOutcome.PackageGone>(await _world.RedeemAsync(code, Phone1));
        Assert.Null((await _world.ReadAsync(db => db.Vouchers.SingleAsync())).RedeemedAt);
        Assert.Equal(0, await _world.ReadAsync(db => db.Customers.CountAsync()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("'; drop table vouchers; --")]
    [InlineData("ⅧⅧⅧⅧⅧⅧⅧ")]
    public async Task What_is_no_code_is_unknown(string text)
        => Assert.IsType<RedeemOutcome.Unknown>(await _world.RedeemAsync(text, Phone1));

    [Fact]
    public async Task A_code_of_another_tenant_is_unknown()
    {
        var code = await _world.CodeAsync(await _world.AddPackageAsync());
        var other = await _world.FoundTenantAsync("mara", "Mara Wireless");

        var outcome = await _world.AsTenantAsync<VoucherRedemption, RedeemOutcome>(
            other, redemption => redemption.RedeemAsync(code, new Redeemer(Phone1, null), CancellationToken.None));

        Assert.IsType<RedeemOutcome.Unknown>(outcome);
    }

    [Fact]
    public async Task A_device_has_ten_tries_a_minute_and_others_are_not_hindered()
    {
        for (var i = 0; i < LimitRules.VoucherByDevice.Tries; i++)
            Assert.IsType<RedeemOutcome.Mistyped>(await _world.RedeemAsync(Slip(i), Phone1));

        var next = await _world.RedeemAsync(await _world.CodeAsync(await _world.AddPackageAsync()), Phone1);

        Assert.InRange(Assert.IsType<RedeemOutcome.TooManyTries>(next).Refusal.RetryAfter, TimeSpan.FromTicks(1), LimitRules.VoucherByDevice.Window);
        Assert.IsType<RedeemOutcome.Mistyped>(await _world.RedeemAsync(Slip(0), Phone2));
    }

    [Fact]
    public async Task A_slip_is_told_from_a_guess_and_makes_no_pause()
    {
        for (var i = 0; i < 4 * LimitRules.GuessByDevice.Free; i++)
        {
            Assert.IsType<RedeemOutcome.Mistyped>(await _world.RedeemAsync(Slip(i), Phone1));
            _world.Clock.Advance(LimitRules.VoucherByDevice.Window);
        }

        Assert.IsType<RedeemOutcome.Redeemed>(await _world.RedeemAsync(await _world.CodeAsync(await _world.AddPackageAsync()), Phone1));
        Assert.Equal(0, await _world.ReadAsync(db => db.GuessingAlarms.CountAsync()));
    }

    [Fact]
    public async Task Codes_from_before_the_check_letter_work_until_the_last_of_them_has_expired()
    {
        var package = await _world.AddPackageAsync();
        var (old, other) = (await PrintWithoutCheckAsync(package, "K7MP2Q9XD"), await PrintWithoutCheckAsync(package, "R4TWB6HNA"));
        Assert.False(VoucherCode.HasGoodCheck(old));

        Assert.IsType<RedeemOutcome.Redeemed>(await _world.RedeemAsync(old, Phone1));
        Assert.IsType<RedeemOutcome.Unknown>(await _world.RedeemAsync(Slip(0), Phone1));

        _world.Clock.Advance(TimeSpan.FromDays(31));
        Assert.IsType<RedeemOutcome.Mistyped>(await _world.RedeemAsync(other, Phone2));
    }

    [Fact]
    public async Task Who_guesses_waits_longer_each_time_and_another_device_at_another_router_does_not()
    {
        var code = await _world.CodeAsync(await _world.AddPackageAsync());
        var waits = new List<TimeSpan>();
        for (var guess = 0; guess < LimitRules.GuessByDevice.Free + 4; guess++)
        {
            Assert.IsType<RedeemOutcome.Unknown>(await _world.RedeemAsync(Guess(guess), Phone1));
            if (await _world.RedeemAsync(code, Phone1) is RedeemOutcome.TooManyTries paused)
            {
                waits.Add(paused.Refusal.RetryAfter);
                Assert.Equal(nameof(LimitRules.GuessByDevice), paused.Refusal.Rule);
                _world.Clock.Advance(paused.Refusal.RetryAfter);
            }
            else
            {
                code = await _world.CodeAsync(await _world.ReadAsync(db => db.Packages.FirstAsync()));
            }

            _world.Clock.Advance(LimitRules.VoucherByDevice.Window);
        }

        Assert.Equal([10.0, 20.0, 40.0, 80.0], waits.Select(wait => wait.TotalSeconds));
        Assert.IsType<RedeemOutcome.Redeemed>(await _world.RedeemAsync(code, Phone2));
    }

    [Fact]
    public async Task A_device_that_takes_another_hardware_address_each_time_is_paused_by_its_network_address_and_staff_are_told_once()
    {
        var address = IPAddress.Parse("41.90.1.2");
        var guess = 0;
        for (var turn = 0; turn < 3 * LimitRules.GuessByAddress.AlarmAt; turn++)
        {
            var outcome = await RedeemFromAsync(Guess(guess++), $"02:00:00:00:{turn / 256:X2}:{turn % 256:X2}", address);
            if (outcome is RedeemOutcome.TooManyTries paused)
                _world.Clock.Advance(paused.Refusal.RetryAfter);
        }

        var alarm = await _world.ReadAsync(db => db.GuessingAlarms.SingleAsync());
        Assert.Equal((GuessedBy.Address, LimitRules.GuessByAddress.AlarmAt, address), (alarm.By, alarm.WrongCodes, alarm.Address));
        var audited = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Action == "voucher.guessing"));
        Assert.Equal(alarm.Id, audited.SubjectId);
        Assert.Equal("41.90.1.2", audited.Details!.RootElement.GetProperty("from").GetString());
    }

    /// <summary>A good check letter, and nobody's.</summary>
    private static string Guess(int number) => VoucherCode.Checked("", $"GUESS{(char)('A' + (number / 8 % 8))}{number % 8 + 2}{(char)('A' + (number / 64 % 8))}");

    /// <summary>A letter of it is wrong.</summary>
    private static string Slip(int number)
    {
        var code = VoucherCode.Normalize(Guess(number))!;
        return code[..^1] + (code[^1] == 'A' ? 'B' : 'A');
    }

    private Task<RedeemOutcome> RedeemFromAsync(string code, string device, IPAddress address) => _world.AsTenantAsync<VoucherRedemption, RedeemOutcome>(
        redemption => redemption.RedeemAsync(code, new Redeemer(device, address), CancellationToken.None));

    /// <summary>As an earlier version of the product did.</summary>
    private async Task<string> PrintWithoutCheckAsync(Package package, string code)
    {
        await _world.AsTenantAsync<IServiceProvider, Guid?>(services => new VoucherPress(
            services.GetRequiredService<IspDatabase>(),
            services.GetRequiredService<SecretCodec>(),
            services.GetRequiredService<BlindIndex>(),
            services.GetRequiredService<AuditTrail>(),
            _world.Clock)
        {
            MakeCode = (_, _) => code,
        }.GenerateAsync(new NewVoucherBatch(package.Id, "Old", 1, TimeSpan.FromDays(30)), CancellationToken.None));
        await _world.WriteAsync(db => db.VoucherBatches.ExecuteUpdateAsync(set => set.SetProperty(b => b.HasCheckLetter, false)));
        return code;
    }
}
