using EasyIsp.Core.Orders;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Listen;
using EasyIsp.Radius.Tests.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class VoucherLoginTests(PostgresServer server) : IAsyncLifetime
{
    private Isp _isp = null!;
    private TestNas _nas = null!;
    private Package _package = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync();
        _package = await _isp.AddPackageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
    }

    [Theory]
    [InlineData(AuthenticationMethod.Pap)]
    [InlineData(AuthenticationMethod.Chap)]
    [InlineData(AuthenticationMethod.MsChapV2)]
    internal async Task A_code_typed_at_the_router_buys_its_time_once(AuthenticationMethod method)
    {
        var code = (await PrintAsync()).ToLowerInvariant();
        var phone = Login.Hotspot with { Method = method };

        Assert.Equal("Wrong user name or password", (await _nas.LoginAsync(code, "guess", phone)).Message);
        Assert.Equal(3600u, (await _nas.LoginAsync(code, code, phone)).Number(AttributeType.SessionTimeout));
        _isp.World.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(3000u, (await _nas.LoginAsync(code, "", phone)).Number(AttributeType.SessionTimeout));
        Assert.Equal("1|1", await _isp.QueryAsync("count(*), count(redeemed_at)) from vouchers --"));

        _isp.World.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Your package has ended. Please buy again", (await _nas.LoginAsync(code, "", phone)).Message);
    }

    [Fact]
    public async Task The_session_names_the_vouchers_serial_and_never_its_code()
    {
        var code = await PrintAsync();
        var ours = (await _nas.LoginAsync(code, "")).Class;

        await _nas.ReportAsync(AcctStatusType.Start, new Traffic(code, Class: ours));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic(code, Seconds: 5, Uploaded: 9));

        Assert.Equal("voucher:1001|9|t|t|t", await _isp.QueryAsync(
            "user_name, uploaded_bytes, voucher_id is not null, customer_id is not null, subscription_id is not null) from open_sessions --"));
    }

    [Fact]
    public async Task The_router_that_is_to_end_the_session_is_told_the_code_it_knows()
    {
        using var coa = new PaperNas("127.0.1.3");
        using var nas = await _isp.AddRouterAsync("127.0.1.3", coaPort: coa.Endpoint.Port);
        var code = await PrintAsync();
        await nas.ReportAsync(AcctStatusType.Start, new Traffic(code, Class: (await nas.LoginAsync(code, "")).Class));
        var session = Guid.Parse(await _isp.QueryAsync("id) from open_sessions --"));

        await _isp.World.WriteAsync(db =>
        {
            db.NetworkOrders.Add(NetworkOrder.Disconnect(
                _isp.World.TenantId, nas.Id, session, customerId: null, "expired", _isp.World.Clock.GetUtcNow()));
            return Task.FromResult(0);
        });

        var (request, _) = await coa.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(code, WireText.Read(Wire.Read(request), AttributeType.UserName));
    }

    [Fact]
    public async Task A_code_past_its_date_and_one_taken_back_are_refused_in_words()
    {
        var revoked = await PrintAsync();
        await _isp.ExecuteAsync("update vouchers set revoked_at = now()");
        var expired = await PrintAsync();
        _isp.World.Clock.Advance(TimeSpan.FromDays(31));

        Assert.Equal("This voucher is no longer valid", (await _nas.LoginAsync(revoked, "")).Message);
        Assert.Equal("This voucher is past its date", (await _nas.LoginAsync(expired, "")).Message);
    }

    private async Task<string> PrintAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var batch = await _isp.World.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(
            new NewVoucherBatch(_package.Id, "Kiosk", 1, TimeSpan.FromDays(30)), cancellationToken));
        return await _isp.World.AsTenantAsync<VoucherDesk, string>(async desk =>
            (await desk.RevealCodesAsync(batch!.Value, cancellationToken).SingleAsync(cancellationToken)).Code);
    }
}
