using EasyIsp.Core.Shared;
using EasyIsp.Core.Vouchers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Vouchers;

public sealed class VoucherDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly PageOf FirstPage = new(0, 25);

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Each_batch_says_how_many_are_used_available_revoked_and_expired()
    {
        var package = await _world.AddPackageAsync();
        var old = await _world.GenerateAsync(package, 3, shelfLife: TimeSpan.FromDays(1));
        _world.Clock.Advance(TimeSpan.FromHours(1));
        var batch = await _world.GenerateAsync(package, 5);
        var codes = await _world.RevealAsync(batch);
        await _world.RedeemAsync(codes[0].Code, "AA:BB:CC:00:00:01");
        await RevokeAsync(codes[1].Serial);
        _world.Clock.Advance(TimeSpan.FromDays(2));

        var page = await ListAsync<VoucherBatchRow>(lists => lists.BatchesAsync(new(FirstPage), CancellationToken.None));

        Assert.Equal(2, page.Total);
        Assert.Equal([batch, old], page.Rows.Select(row => row.Id));
        Assert.Equal((5, 1, 1, 0, 3), Figures(page.Rows[0]));
        Assert.Equal((3, 0, 0, 3, 0), Figures(page.Rows[1]));
        Assert.Equal((package.Name, package.Price), (page.Rows[0].PackageName, page.Rows[0].Price));
    }

    [Theory]
    [InlineData(VoucherBatchSort.Created)]
    [InlineData(VoucherBatchSort.Name)]
    [InlineData(VoucherBatchSort.Expires)]
    public async Task Batches_are_sorted_and_searched_in_the_database(VoucherBatchSort sort)
    {
        var package = await _world.AddPackageAsync();
        await _world.GenerateAsync(package, 1);
        await _world.GenerateAsync(package, 1);

        foreach (var descending in new[] { true, false })
        {
            var query = new VoucherBatchQuery(FirstPage, "kio", package.Id, sort, descending);
            Assert.Equal(2, (await ListAsync<VoucherBatchRow>(lists => lists.BatchesAsync(query, CancellationToken.None))).Rows.Count);
        }
    }

    [Fact]
    public async Task Vouchers_are_found_by_batch_by_state_by_serial_and_by_their_whole_code()
    {
        var package = await _world.AddPackageAsync();
        var batch = await _world.GenerateAsync(package, 4);
        await _world.GenerateAsync(package, 2);
        var codes = await _world.RevealAsync(batch);
        await _world.RedeemAsync(codes[2].Code, "AA:BB:CC:00:00:01");

        Assert.Equal(4, (await VouchersAsync(new(FirstPage, BatchId: batch))).Total);
        Assert.Equal(5, (await VouchersAsync(new(FirstPage, State: VoucherState.Available))).Total);
        Assert.Equal(0, (await VouchersAsync(new(FirstPage, State: VoucherState.Revoked))).Total);
        Assert.Equal(0, (await VouchersAsync(new(FirstPage, State: VoucherState.Expired))).Total);
        Assert.Equal(1002, Assert.Single((await VouchersAsync(new(FirstPage, Search: "#1002"))).Rows).Serial);
        Assert.Equal(0, (await VouchersAsync(new(FirstPage, Search: codes[0].Code[..7]))).Total);
        var used = Assert.Single((await VouchersAsync(new(FirstPage, Search: VoucherCode.Normalize(codes[2].Code)))).Rows);
        Assert.Equal((VoucherState.Used, "Guest 1001"), (used.State, used.CustomerName));
    }

    [Theory]
    [InlineData(VoucherSort.Serial)]
    [InlineData(VoucherSort.Redeemed)]
    [InlineData(VoucherSort.Expires)]
    public async Task Vouchers_are_sorted_and_paged_in_the_database(VoucherSort sort)
    {
        await _world.GenerateAsync(await _world.AddPackageAsync(), 7);

        foreach (var descending in new[] { true, false })
        {
            var page = await VouchersAsync(new(new PageOf(1, 5), Sort: sort, Descending: descending));
            Assert.Equal((7, 2), (page.Total, page.Rows.Count));
        }
    }

    [Fact]
    public async Task Revoking_a_batch_leaves_used_codes_alone_and_is_audited_with_its_number()
    {
        var batch = await _world.GenerateAsync(await _world.AddPackageAsync(), 5);
        await _world.RedeemAsync((await _world.RevealAsync(batch))[0].Code, "AA:BB:CC:00:00:01");

        var revoked = await _world.AsTenantAsync<VoucherDesk, int>(desk => desk.RevokeBatchAsync(batch, CancellationToken.None));
        var again = await _world.AsTenantAsync<VoucherDesk, int>(desk => desk.RevokeBatchAsync(batch, CancellationToken.None));

        Assert.Equal((4, 0), (revoked, again));
        Assert.Empty(await _world.RevealAsync(batch));
        var deed = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(e => e.Action == "voucher-batch.revoke"));
        Assert.Equal((batch, 4), (deed.SubjectId, deed.Details!.RootElement.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task A_used_voucher_cannot_be_revoked()
    {
        var batch = await _world.GenerateAsync(await _world.AddPackageAsync(), 1);
        var code = (await _world.RevealAsync(batch))[0];
        await _world.RedeemAsync(code.Code, "AA:BB:CC:00:00:01");

        Assert.False(await RevokeAsync(code.Serial));
    }

    [Fact]
    public async Task Revealing_is_audited_even_when_only_the_first_code_is_read()
    {
        var batch = await _world.GenerateAsync(await _world.AddPackageAsync(), 3);

        await _world.AsTenantAsync<VoucherDesk, PrintedVoucher>(
            async desk => await desk.RevealCodesAsync(batch, CancellationToken.None).FirstAsync());

        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "voucher-batch.reveal-codes" && e.SubjectId == batch)));
    }

    [Fact]
    public async Task Neither_the_table_nor_the_audit_holds_a_readable_code()
    {
        var batch = await _world.GenerateAsync(await _world.AddPackageAsync(), 1);
        var code = (await _world.RevealAsync(batch))[0];

        var stored = await _world.ReadAsync(db => db.Database.SqlQuery<string>(
            $"select encode(code, 'escape') || encode(code_digest, 'escape') as \"Value\" from vouchers").SingleAsync());
        var audited = await _world.ReadAsync(db => db.AuditEvents.Where(e => e.Details != null).Select(e => e.Details!).ToListAsync());

        Assert.DoesNotContain(code.Code, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(VoucherCode.Normalize(code.Code)!, stored, StringComparison.Ordinal);
        Assert.All(audited, details => Assert.DoesNotContain(code.Code, details.RootElement.GetRawText(), StringComparison.Ordinal));
        Assert.DoesNotContain(code.Code, code.ToString(), StringComparison.Ordinal);
    }

    private static (int Count, int Used, int Revoked, int Expired, int Available) Figures(VoucherBatchRow row)
        => (row.Count, row.Used, row.Revoked, row.Expired, row.Available);

    private Task<Page<VoucherRow>> VouchersAsync(VoucherQuery query)
        => ListAsync<VoucherRow>(lists => lists.VouchersAsync(query, CancellationToken.None));

    private Task<Page<T>> ListAsync<T>(Func<VoucherLists, Task<Page<T>>> list) => _world.AsTenantAsync(list);

    private async Task<bool> RevokeAsync(long serial)
    {
        var id = await _world.ReadAsync(db => db.Vouchers.Where(v => v.Serial == serial).Select(v => v.Id).SingleAsync());
        return await _world.AsTenantAsync<VoucherDesk, bool>(desk => desk.RevokeAsync(id, CancellationToken.None));
    }
}
