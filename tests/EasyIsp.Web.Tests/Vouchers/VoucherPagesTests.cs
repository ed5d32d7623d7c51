using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Vouchers;
using EasyIsp.Testing;
using EasyIsp.Web.Vouchers;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Xunit;

namespace EasyIsp.Web.Tests.Vouchers;

public sealed class VoucherPagesTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_list_shows_each_batch_with_how_much_of_it_is_used()
    {
        await GenerateAsync(20);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.VouchersView);

        var page = ui.Render<VouchersPage>();

        page.WaitForAssertion(() => Assert.Contains("0 of 20", page.Find("tbody .meter").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("New vouchers", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_hundred_are_made_in_one_go_and_offered_for_print_and_as_a_file()
    {
        await AddPackageAsync();
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.VouchersView, Permission.VouchersCreate, Permission.VouchersRevoke, Permission.VouchersExport);
        var dialogs = ui.Render<MudDialogProvider>();
        await dialogs.InvokeAsync(() => ui.Services.GetRequiredService<IDialogService>().ShowAsync<GenerateDialog>(""));
        dialogs.WaitForElement("input[maxlength='60']");
        await dialogs.InvokeAsync(() => dialogs.Find("input[maxlength='60']").Change("Kiosk"));

        await dialogs.ClickAsync("button", "Make 500 vouchers");

        dialogs.WaitForAssertion(() => Assert.Contains("500 vouchers are ready", dialogs.Markup, StringComparison.Ordinal));
        var batch = await _world.ReadAsync(db => db.VoucherBatches.SingleAsync());
        Assert.Equal(500, batch.Count);
        Assert.Contains($"/vouchers/{batch.Id}/sheet", dialogs.Markup, StringComparison.Ordinal);
        Assert.Contains($"/vouchers/{batch.Id}/codes.csv", dialogs.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_name_nothing_is_made()
    {
        await AddPackageAsync();
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.VouchersView, Permission.VouchersCreate, Permission.VouchersRevoke, Permission.VouchersExport);
        var dialogs = ui.Render<MudDialogProvider>();
        await dialogs.InvokeAsync(() => ui.Services.GetRequiredService<IDialogService>().ShowAsync<GenerateDialog>(""));
        dialogs.WaitForElement("input[maxlength='60']");

        await dialogs.ClickAsync("button", "Make 500 vouchers");

        dialogs.WaitForAssertion(() => Assert.Contains("A name tells batches apart.", dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal(0, await _world.ReadAsync(db => db.VoucherBatches.CountAsync()));
    }

    [Fact]
    public async Task A_batch_page_lists_its_vouchers_and_narrows_them_by_state()
    {
        var batch = await GenerateAsync(3);
        await using var ui = await ConsoleUi.OpenAsync(_world, Permission.VouchersView, Permission.VouchersCreate, Permission.VouchersRevoke, Permission.VouchersExport);
        var page = ui.Render<BatchPage>(parameters => parameters.Add(p => p.BatchId, batch));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));

        await page.ClickAsync("button.chip", "Used");

        page.WaitForAssertion(() => Assert.Contains("Nothing matches", page.Markup, StringComparison.Ordinal));
        Assert.EndsWith("?state=used", ui.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_has_a_line_for_each_code_and_no_formula()
    {
        var batch = await GenerateAsync(3, packageName: "=cmd|calc \"6 h\"");
        var row = await _world.AsTenantAsync<VoucherLists, VoucherBatchRow?>(lists => lists.BatchAsync(batch, CancellationToken.None));
        var tenant = await _world.ReadAsync(db => db.Tenants.SingleAsync());
        using var stream = new MemoryStream();

        await _world.AsTenantAsync<VoucherDesk, int>(async desk =>
        {
            await VoucherCsv.WriteAsync(stream, row!, desk.RevealCodesAsync(batch, CancellationToken.None), tenant, CancellationToken.None);
            return 0;
        });

        var lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Serial,Code,Package,Price,Currency,Valid until", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.Matches("^1001,[A-Z0-9-]{12},\"'=cmd\\|calc \"\"6 h\"\"\",50,KES,2026-04-01 12:00$", lines[1]);
    }

    [Fact]
    public async Task The_sheet_groups_codes_and_cuts_pages_of_twenty_four()
    {
        var batch = await GenerateAsync(30);
        var vouchers = await _world.AsTenantAsync<VoucherDesk, List<PrintedVoucher>>(
            async desk => await desk.RevealCodesAsync(batch, CancellationToken.None).ToListAsync());
        var row = await _world.AsTenantAsync<VoucherLists, VoucherBatchRow?>(lists => lists.BatchAsync(batch, CancellationToken.None));
        var tenant = await _world.ReadAsync(db => db.Tenants.SingleAsync());
        await using var ui = new BunitContext();

        var sheet = ui.Render<VoucherSheet>(parameters => parameters
            .Add(s => s.Tenant, tenant).Add(s => s.Batch, row!).Add(s => s.Vouchers, vouchers).Add(s => s.PortalAddress, "portal.example/h/market"));

        Assert.Equal([24, 6], sheet.FindAll(".sheet").Select(page => page.QuerySelectorAll("article").Length));
        Assert.Equal(vouchers[0].Code, sheet.Find(".code").TextContent);
        Assert.Contains("portal.example/h/market", sheet.Find(".how").TextContent, StringComparison.Ordinal);
    }

    private Task<Package> AddPackageAsync(string name = "Six hours") => _world.WriteAsync(db =>
    {
        var package = Package.Create(
            _world.TenantId, AccessType.Hotspot, new PackageTerms(name, 50, TimeSpan.FromHours(6), 5_000, 2_000), _world.Clock.GetUtcNow());
        db.Packages.Add(package);
        return Task.FromResult(package);
    });

    private async Task<Guid> GenerateAsync(int count, string packageName = "Six hours")
    {
        var package = await AddPackageAsync(packageName);
        var wanted = new NewVoucherBatch(package.Id, "Kiosk", count, TimeSpan.FromDays(30));
        var batch = await _world.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(wanted, CancellationToken.None));
        return batch!.Value;
    }
}
