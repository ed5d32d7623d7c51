using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Vouchers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Vouchers;

public sealed class VoucherPressTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Five_hundred_codes_are_made_in_under_two_seconds_and_are_all_different()
    {
        var package = await _world.AddPackageAsync();
        var started = TimeProvider.System.GetTimestamp();

        var batch = await _world.GenerateAsync(package, 500, "KIOSK");

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        var codes = await _world.RevealAsync(batch);
        Assert.Equal(500, codes.Select(voucher => voucher.Code).Distinct().Count());
        Assert.All(codes, voucher => Assert.StartsWith("KIOSK", voucher.Code));
        Assert.Equal(Enumerable.Range(1001, 500).Select(i => (long)i), codes.Select(voucher => voucher.Serial));
        var made = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Action == "voucher-batch.generate"));
        Assert.Equal(500, made.Details!.RootElement.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task The_largest_batch_is_whole()
    {
        var batch = await _world.GenerateAsync(await _world.AddPackageAsync(), VoucherBatch.MaxCount);

        Assert.Equal(VoucherBatch.MaxCount, await _world.ReadAsync(db => db.Vouchers.CountAsync(v => v.BatchId == batch)));
    }

    [Fact]
    public async Task A_code_that_exists_already_is_made_anew()
    {
        var package = await _world.AddPackageAsync();
        var codes = new Queue<string>(["TAKEN22", "TAKEN22", "FRESH22", "TAKEN22", "FRESH33"]);
        var wanted = new NewVoucherBatch(package.Id, "Clash", 3, TimeSpan.FromDays(1));

        var batch = await _world.AsTenantAsync<IServiceProvider, Guid?>(services => new VoucherPress(
            services.GetRequiredService<IspDatabase>(),
            services.GetRequiredService<SecretCodec>(),
            services.GetRequiredService<BlindIndex>(),
            services.GetRequiredService<AuditTrail>(),
            _world.Clock)
        {
            MakeCode = (_, _) => codes.Dequeue(),
        }.GenerateAsync(wanted, CancellationToken.None));

        var printed = await _world.RevealAsync(batch!.Value);
        Assert.Equal(["FRESH22", "FRESH33", "TAKEN22"], printed.Select(voucher => voucher.Code).Order());
        Assert.Equal([1001, 1002, 1003], printed.Select(voucher => voucher.Serial));
    }

    [Fact]
    public async Task A_package_that_is_no_longer_sold_gets_no_vouchers()
    {
        var package = await _world.AddPackageAsync();
        await _world.WriteAsync(async db =>
        {
            (await db.Packages.SingleAsync()).Archive(_world.Clock.GetUtcNow());
            return 0;
        });

        Assert.Null(await _world.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(
            new NewVoucherBatch(package.Id, "Late", 1, TimeSpan.FromDays(1)), CancellationToken.None)));
        Assert.Equal(0, await _world.ReadAsync(db => db.VoucherBatches.CountAsync()));
    }

    [Fact]
    public void Each_term_of_a_batch_has_its_range()
    {
        var good = new NewVoucherBatch(Guid.Empty, "Kiosk", 500, TimeSpan.FromDays(30), "K", 8);

        Assert.Null(NewVoucherBatch.FaultIn(good));
        Assert.Equal("Name", NewVoucherBatch.FaultIn(good with { Name = " " }));
        Assert.Equal("Count", NewVoucherBatch.FaultIn(good with { Count = 10_001 }));
        Assert.Equal("ShelfLife", NewVoucherBatch.FaultIn(good with { ShelfLife = TimeSpan.Zero }));
        Assert.Equal("Prefix", NewVoucherBatch.FaultIn(good with { Prefix = "k!" }));
        Assert.Equal("CodeLength", NewVoucherBatch.FaultIn(good with { CodeLength = 5 }));
    }
}
