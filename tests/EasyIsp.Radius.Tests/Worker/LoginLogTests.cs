using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Protocol;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

public sealed class LoginLogTests(PostgresServer server) : IAsyncLifetime
{
    private const string Lines = "string_agg(concat_ws(' ', user_name, coalesce(refusal, 'admitted'), times), ';' order by id)) from login_attempts --";

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
    public async Task A_login_is_kept_with_whose_it_was_where_and_how_it_ended()
    {
        var customer = await _isp.AddSubscriberAsync("Ali");
        await LoginAsync("Ali", "guess");
        await LoginAsync("Ali", "hello123");

        await _isp.BecomesAsync("Ali WrongPassword 1;Ali admitted 1", Lines);
        Assert.Equal($"2|{customer.Id}|{_nas.Id}|{Isp.Mac}|Hotspot|Pap|ali", await _isp.QueryAsync(
            "count(*), min(customer_id::text), min(router_id::text), min(mac_address), min(access_type), min(method), min(user_key)) from login_attempts --"));
    }

    [Fact]
    public async Task The_same_refusal_again_is_counted_on_its_line_for_five_minutes()
    {
        await LoginAsync("nobody", "guess", Login.Pppoe);
        await _isp.BecomesAsync("nobody UnknownUser 1", Lines);
        await LoginAsync("nobody", "guess", Login.Pppoe);
        await LoginAsync("nobody", "guess", Login.Pppoe);
        await _isp.BecomesAsync("nobody UnknownUser 3", Lines);

        _isp.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await LoginAsync("nobody", "guess", Login.Pppoe);
        await _isp.BecomesAsync("nobody UnknownUser 3;nobody UnknownUser 1", Lines);
    }

    [Fact]
    public async Task A_vouchers_code_and_what_may_be_one_are_not_to_be_read_there()
    {
        var code = await PrintVoucherAsync();
        await LoginAsync(code, "guess");
        await LoginAsync(code[..^1] + (code[^1] is 'K' ? 'M' : 'K'), "");
        await LoginAsync(code, "");

        var dots = code[..2] + new string('•', code.Length - 2);
        await _isp.BecomesAsync($"voucher:1001 WrongPassword 1;{dots} UnknownUser 1;voucher:1001 admitted 1", Lines);
    }

    [Fact]
    public async Task Whoever_is_let_in_with_limits_is_in_the_log_with_the_reason()
    {
        await _isp.AddCustomerAsync("ali", "hello123", AccessType.Pppoe);
        await _isp.OfferLimitedAccessAsync(LimitedReason.Expired, TimeSpan.FromMinutes(5));

        await LoginAsync("ali", "hello123", Login.Pppoe);

        await _isp.BecomesAsync("ali|NoSubscription|t", "user_name, refusal, is_limited) from login_attempts --");
    }

    [Fact]
    public async Task Of_many_logins_let_in_at_once_some_are_kept_and_the_others_counted()
    {
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { SimultaneousSessions = 20 });
        for (var i = 0; i < 15; i++)
            await LoginAsync("ali", "hello123");
        await _isp.BecomesAsync("10|0", "count(*), sum(left_out)) from login_attempts --");

        await LoginAsync("ali", "hello123");
        await _isp.BecomesAsync("11|5", "count(*), sum(left_out)) from login_attempts --");
    }

    [Fact]
    public async Task With_the_database_away_known_customers_get_on_and_the_log_goes_on_when_it_is_back()
    {
        await _isp.AddSubscriberAsync("ali", terms: Isp.Hour with { SimultaneousSessions = 20 });
        await LoginAsync("ali", "hello123");
        await _isp.BecomesAsync("ali admitted 1", Lines);

        await using (var outage = await Outage.BeginAsync(_isp.World.Database))
        {
            Assert.Equal(PacketCode.AccessAccept, (await LoginAsync("ali", "hello123")).Code);
            _isp.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await outage.EndAsync();
        }

        await Isp.EventuallyAsync(async () =>
        {
            await LoginAsync("ali", "hello123");
            _isp.World.Clock.Advance(TimeSpan.FromSeconds(1));
            return await _isp.QueryAsync("count(*) >= 2) from login_attempts --") == "t";
        });
    }

    /// <summary>Ids of one millisecond are in no order.</summary>
    private Task<Answer> LoginAsync(string userName, string password, Login? how = null)
    {
        _isp.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return _nas.LoginAsync(userName, password, how);
    }

    private async Task<string> PrintVoucherAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var package = await _isp.AddPackageAsync();
        var batch = await _isp.World.AsTenantAsync<VoucherPress, Guid?>(press => press.GenerateAsync(
            new NewVoucherBatch(package.Id, "Kiosk", 1, TimeSpan.FromDays(30)), cancellationToken));
        return await _isp.World.AsTenantAsync<VoucherDesk, string>(async desk =>
            (await desk.RevealCodesAsync(batch!.Value, cancellationToken).SingleAsync(cancellationToken)).Code);
    }
}
