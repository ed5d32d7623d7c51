using System.Net;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Vouchers;
using Microsoft.EntityFrameworkCore;
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
        for (var i = 0; i <= LimitRules.VoucherByDevice.Tries; i++)
            page = await TypeAsync(phone, $"ABCDEFGH{i}");

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains("Please wait 6 seconds, then try again.", page.Text);
    }

    [Fact]
    public async Task A_letter_that_is_wrong_is_told_from_a_code_that_nobody_has()
    {
        var code = VoucherCode.Checked("", "ABCDEFGHJ");
        var phone = portal.NewPhone();
        await phone.ArriveAsync();

        Assert.Contains("We do not know this code.", (await TypeAsync(phone, code)).Text);
        Assert.Contains("One letter of this code is not right.", (await TypeAsync(phone, code.Replace('A', 'B'))).Text);
    }

    [Fact]
    public async Task Of_a_hundred_phones_that_type_one_code_at_once_exactly_one_goes_online()
    {
        var code = await PrintAsync("Kiosk of a hundred");
        var phones = new List<Phone>();
        for (var i = 0; i < 100; i++)
        {
            phones.Add(portal.NewPhone());
            await phones[^1].ArriveAsync(chap: false);
        }

        var pages = await Task.WhenAll(phones.Select(phone => TypeAsync(phone, code)));

        Assert.Single(pages, page => page.Location is { } location && location.EndsWith("/connect", StringComparison.Ordinal));
        Assert.Equal(99, pages.Count(page => page.Text.Contains("This voucher has been used already.", StringComparison.Ordinal)));
        Assert.Equal(1, await portal.World.ReadAsync(db => db.Vouchers.CountAsync(v => v.RedeemedAt != null && db.VoucherBatches.Any(b => b.Id == v.BatchId && b.Name == "Kiosk of a hundred"))));
    }

    private static Task<Page> TypeAsync(Phone phone, string code) => phone.PostAsync($"{phone.Visit}/voucher", ("code", code));

    private async Task<string> PrintAsync(string batchName = "Kiosk")
    {
        var batch = await portal.World.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(
            new NewVoucherBatch(portal.HourId, batchName, 1, TimeSpan.FromDays(30)), TestContext.Current.CancellationToken));
        return await portal.World.AsTenantAsync<VoucherDesk, string>(async desk =>
        {
            await foreach (var voucher in desk.RevealCodesAsync(batch!.Value, TestContext.Current.CancellationToken))
                return voucher.Code;
            throw new InvalidOperationException("The batch is empty.");
        });
    }
}
