using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class DataLimitTests(PostgresServer server) : IAsyncLifetime
{
    private const string Noted = "data_nearly_used_at is not null, data_used_up_at is not null) from subscriptions --";
    private const string Orders = "o.kind, o.reason, s.user_name) from network_orders o join open_sessions s on s.id = o.session_id --";

    private static readonly PackageTerms Limited = Isp.Hour with { DataLimitBytes = 1000 };

    private Isp _isp = null!;
    private TestNas _nas = null!;

    public async ValueTask InitializeAsync()
    {
        _isp = await Isp.OpenAsync(server);
        _nas = await _isp.AddRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _nas.Dispose();
        await _isp.DisposeAsync();
    }

    [Fact]
    public async Task At_eighty_percent_it_is_noted_and_at_a_hundred_the_session_is_to_end()
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe, terms: Limited);
        await _nas.ReportAsync(AcctStatusType.Start, new Traffic("ali"));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 1, Uploaded: 300, Downloaded: 500));
        await _isp.BecomesAsync("t|f", Noted);
        Assert.Equal("", await _isp.QueryAsync(Orders));

        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 2, Uploaded: 400, Downloaded: 600));
        await _isp.BecomesAsync("t|t", Noted);
        Assert.Equal("Disconnect|data used up|ali", await _isp.QueryAsync(Orders));
    }

    [Fact]
    public async Task All_devices_of_a_subscription_count_together_and_end_together()
    {
        await _isp.AddSubscriberAsync("ali", accessType: AccessType.Pppoe, terms: Limited with { SimultaneousSessions = 2 });
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", "81000001", Seconds: 1, Uploaded: 600));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", "81000002", Seconds: 1, Uploaded: 500, Mac: "AA:AA:AA:AA:AA:AA"));

        await _isp.BecomesAsync("t|t", Noted);
        Assert.Equal("Disconnect|data used up|ali;Disconnect|data used up|ali", await _isp.QueryAsync(Orders));
    }

    [Fact]
    public async Task Where_the_package_carries_on_it_is_noted_and_nothing_ends()
    {
        await _isp.AddSubscriberAsync("ali", terms: Limited with { AtDataLimit = AtDataLimit.CarryOn });
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 1, Uploaded: 5000));
        await _isp.BecomesAsync("t|t", Noted);

        Assert.Equal("", await _isp.QueryAsync(Orders));
        var login = await _nas.LoginAsync("ali", "hello123");
        Assert.Equal((PacketCode.AccessAccept, null), (login.Code, login.TotalLimit));
    }

    [Fact]
    public async Task Who_buys_more_begins_anew()
    {
        var customer = await _isp.AddCustomerAsync("ali", "hello123");
        var package = await _isp.AddPackageAsync(Limited);
        await _isp.SellAsync(customer, package);
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 1, Uploaded: 1500));
        await _isp.BecomesAsync("t|t", Noted);

        await _isp.SellAsync(customer, package);
        Assert.Equal("f|f", await _isp.QueryAsync(Noted));
        await _nas.ReportAsync(AcctStatusType.InterimUpdate, new Traffic("ali", Seconds: 2, Uploaded: 1600));
        await _isp.BecomesAsync("t|f", Noted);
    }
}
