using EasyIsp.Core.Vouchers;
using Xunit;

namespace EasyIsp.Portal.Tests.Vouchers;

public sealed class VoucherTests(PortalWorld portal) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task A_voucher_brings_its_device_online_and_brings_it_back_but_no_other()
    {
        var code = await PrintAsync();
        var phone = portal.NewPhone();
        await phone.ArriveAsync(chap: false);

        Assert.Equal($"{phone.Visit}/connect", (await TypeAsync(phone, code.ToLowerInvariant())).Location);
        Assert.Contains("""action="http://10.5.50.1/login""", (await phone.GetAsync($"{phone.Visit}/connect")).Html);
        Assert.Equal($"{phone.Visit}/connect", (await TypeAsync(phone, code)).Location);

        var other = portal.NewPhone();
        await other.ArriveAsync(chap: false);
        Assert.Contains("This voucher has been used already.", (await TypeAsync(other, code)).Text);
    }

    [Theory]
    [InlineData("ABCDEFGHJ")]
    [InlineData("")]
    [InlineData("<svg onload=alert(1)>")]
    public async Task A_code_that_we_do_not_know_says_so_and_is_harmless(string typed)
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        var page = await TypeAsync(phone, typed);

        Assert.Contains("We do not know this code.", page.Text);
        Assert.DoesNotContain("<svg onload", page.Html);
    }

    [Fact]
    public async Task Who_guesses_codes_is_slowed_down()
    {
        var phone = portal.NewPhone();
        await phone.ArriveAsync();
        Page page = null!;
        for (var i = 0; i <= RedemptionThrottle.TriesOfDevice; i++)
            page = await TypeAsync(phone, $"ABCDEFGH{i}");

        Assert.Contains("Please wait a minute", page.Text);
    }

    private static Task<Page> TypeAsync(Phone phone, string code) => phone.PostAsync($"{phone.Visit}/voucher", ("code", code));

    private async Task<string> PrintAsync()
    {
        var batch = await portal.World.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(
            new NewVoucherBatch(portal.HourId, "Kiosk", 1, TimeSpan.FromDays(30)), TestContext.Current.CancellationToken));
        return await portal.World.AsTenantAsync<VoucherDesk, string>(async desk =>
        {
            await foreach (var voucher in desk.RevealCodesAsync(batch!.Value, TestContext.Current.CancellationToken))
                return voucher.Code;
            throw new InvalidOperationException("The batch is empty.");
        });
    }
}
