using EasyIsp.Core.Packages;
using EasyIsp.Core.Vouchers;
using EasyIsp.Testing;

namespace EasyIsp.Core.Tests.Vouchers;

internal static class VoucherWorld
{
    public static async Task<Guid> GenerateAsync(this World world, Package package, int count, string prefix = "", TimeSpan? shelfLife = null)
    {
        var wanted = new NewVoucherBatch(package.Id, "Kiosk", count, shelfLife ?? TimeSpan.FromDays(30), prefix);
        var batch = await world.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(wanted, CancellationToken.None));
        return batch!.Value;
    }

    public static Task<List<PrintedVoucher>> RevealAsync(this World world, Guid batchId)
        => world.AsTenantAsync<VoucherDesk, List<PrintedVoucher>>(
            async desk => await desk.RevealCodesAsync(batchId, CancellationToken.None).ToListAsync());

    public static async Task<string> CodeAsync(this World world, Package package, TimeSpan? shelfLife = null)
        => (await world.RevealAsync(await world.GenerateAsync(package, 1, shelfLife: shelfLife)))[0].Code;

    public static Task<RedeemOutcome> RedeemAsync(this World world, string code, string macAddress, string? phone = null)
        => world.AsTenantAsync<VoucherRedemption, RedeemOutcome>(
            redemption => redemption.RedeemAsync(code, new Redeemer(macAddress, null, phone), CancellationToken.None));
}
