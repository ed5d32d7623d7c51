using System.Net;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>A Paybill for everybody, and a partner's till at the partner's router.</summary>
public sealed class AccountPlacesTests(PostgresServer server) : IAsyncLifetime
{
    private int _payers;
    private PaymentWorld _world = null!;
    private Guid _paybill;
    private Guid _till;
    private Guid _mall;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        await _world.OpenTillAsync();
        (_till, _paybill) = await _world.World.ReadAsync(async db => (
            await db.PaymentAccounts.Where(a => a.Name == "Till").Select(a => a.Id).SingleAsync(),
            await db.PaymentAccounts.Where(a => a.Name == "Paybill").Select(a => a.Id).SingleAsync()));
        _mall = await AddRouterAsync("Mall", "127.0.1.2");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task At_its_own_router_the_partners_till_is_asked_and_everywhere_else_the_account_of_no_router()
    {
        Assert.Equal(BindOutcome.Bound, await BindAsync(_till, [_mall]));

        Assert.Equal(_till, await AskedThroughAsync(_mall));
        Assert.Equal(_paybill, await AskedThroughAsync(_world.RouterId));
        Assert.Equal(_paybill, await AskedThroughAsync(routerId: null));
    }

    [Fact]
    public async Task A_visit_whose_device_has_no_address_yet_is_at_its_router_all_the_same()
    {
        await BindAsync(_till, [_mall]);

        var order = new PromptOrder(_world.HourId, "+254722000199") { RouterId = _mall };
        var request = await AskAsync(order);

        Assert.Equal((_till, null), (request.PaymentAccountId, request.RouterId));
    }

    [Fact]
    public async Task What_is_some_routers_own_is_asked_nowhere_else_though_there_is_nothing_else()
    {
        await BindAsync(_till, [_mall]);
        await DisableAsync(_paybill);

        Assert.Equal(_till, await AskedThroughAsync(_mall));
        var outcome = await _world.World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(Order(_world.RouterId), CancellationToken.None));
        Assert.IsType<PromptOutcome.NoPaymentAccount>(outcome);
        Assert.Empty(await RailsAsync(_world.RouterId));
        Assert.False((await FindAsync(_till))!.OthersServeElsewhere);
    }

    [Fact]
    public async Task When_a_routers_own_account_is_disabled_it_goes_by_what_serves_everybody()
    {
        await BindAsync(_till, [_mall]);
        await DisableAsync(_till);

        Assert.Equal(_paybill, await AskedThroughAsync(_mall));
        Assert.Equal(BindOutcome.AccountGone, await BindAsync(_till, [_world.RouterId], [_mall]));
    }

    [Fact]
    public async Task A_router_with_an_account_of_its_own_offers_only_that_ones_rail()
    {
        await _world.World.WriteAsync(db =>
        {
            var tenant = _world.World.TenantId;
            var codec = _world.World.Services.GetRequiredService<SecretCodec>();
            var terms = new PaystackTerms("Paystack", "https://paystack.example", codec.Protect(tenant, "sk_test_x"), IsTest: true, "money@isp.example");
            db.PaymentAccounts.Add(PaymentAccount.Open(tenant, terms, codec.Protect(tenant, "a-key-of-a-callback"), _world.World.Clock.GetUtcNow().AddSeconds(1)));
            return Task.FromResult(0);
        });
        await BindAsync(_till, [_mall]);

        Assert.Equal([Rail.Mpesa], await RailsAsync(_mall));
        Assert.Equal([Rail.Paystack, Rail.Mpesa], await RailsAsync(_world.RouterId));
        var elsewhere = await _world.World.AsTenantAsync<Prompts, PromptOutcome>(
            prompts => prompts.AskWalkInAsync(Order(_mall) with { Rail = Rail.Paystack }, CancellationToken.None));
        Assert.IsType<PromptOutcome.NoPaymentAccount>(elsewhere);
    }

    [Fact]
    public async Task Staff_ask_a_home_customer_through_the_account_of_the_only_router_that_he_may_connect_at()
    {
        await BindAsync(_till, [_mall]);
        var jane = await _world.RegisterAsync(1042, PaymentWorld.Phone);
        Assert.Equal((_paybill, "Paybill"), await AskedByStaffAsync(jane));

        await _world.World.WriteAsync(async db =>
        {
            var customer = await db.Customers.SingleAsync(c => c.Id == jane.Id);
            customer.Connect(null, null, DeviceLock.Off, [_mall]);
            return 0;
        });

        Assert.Equal((_till, "Till"), await AskedByStaffAsync(jane));
    }

    [Fact]
    public async Task Who_is_online_at_a_router_is_asked_through_its_account()
    {
        await BindAsync(_till, [_mall]);
        var jane = await _world.RegisterAsync(1042, PaymentWorld.Phone);
        await _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, user_name, nas_session_id, started_at, last_heard_at,
                uploaded_bytes, downloaded_bytes, session_seconds)
            values ({_world.World.TenantId}, gen_random_uuid(), {_mall}, {jane.Id}, 'jane', '81000001', now(), now(), 0, 0, 0)
            """));

        Assert.Equal((_till, "Till"), await AskedByStaffAsync(jane));
    }

    [Fact]
    public async Task Whoever_sets_an_account_up_tries_it_out_wherever_it_is_used()
    {
        await BindAsync(_till, [_mall]);

        var outcome = await _world.World.AsTenantAsync<PromptDesk, PromptOutcome>(desk => desk.TryOutAsync(
            Guid.CreateVersion7(_world.World.Clock.GetUtcNow()), _till, PaymentWorld.Phone, CancellationToken.None));

        Assert.Equal(_till, (await _world.RequestAsync(((PromptOutcome.Asked)outcome).RequestId)).PaymentAccountId);
    }

    [Fact]
    public async Task An_account_whose_only_router_is_archived_serves_nobody_and_says_so()
    {
        await BindAsync(_till, [_mall]);
        Assert.Equal(["Till"], await OnlyAtAsync(_mall));

        await _world.World.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.ArchiveAsync(_mall, CancellationToken.None));

        Assert.True(Assert.Single((await FindAsync(_till))!.Routers).IsArchived);
        Assert.Equal(_paybill, await AskedThroughAsync(_world.RouterId));
        Assert.Equal(BindOutcome.Bound, await BindAsync(_till, [_mall, _world.RouterId], [_mall]));
        Assert.Equal(BindOutcome.Bound, await BindAsync(_till, [], [_mall, _world.RouterId]));
        Assert.Equal(BindOutcome.RouterGone, await BindAsync(_till, [_mall]));
    }

    [Fact]
    public async Task A_router_that_is_not_the_tenants_or_a_choice_that_is_out_of_date_changes_nothing()
    {
        Assert.Equal(BindOutcome.RouterGone, await BindAsync(_till, [Guid.CreateVersion7(_world.World.Clock.GetUtcNow())]));
        Assert.Equal(BindOutcome.AccountGone, await BindAsync(Guid.Empty, [_mall]));
        Assert.Equal(BindOutcome.ChangedMeanwhile, await BindAsync(_till, [_mall], [_world.RouterId]));
        Assert.Empty((await FindAsync(_till))!.Routers);

        await BindAsync(_till, [_mall]);
        Assert.Equal(1, await _world.World.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "payment-account.routers" && e.SubjectId == _till)));
    }

    [Fact]
    public async Task Of_two_who_choose_at_once_one_succeeds()
    {
        var outcomes = await Task.WhenAll(BindAsync(_till, [_mall]), BindAsync(_till, [_world.RouterId]), BindAsync(_till, [_mall, _world.RouterId]));

        Assert.Single(outcomes, BindOutcome.Bound);
    }

    private async Task<Guid> AddRouterAsync(string name, string address)
    {
        var draft = new RouterDraft(name, address);
        return ((RouterOutcome.Saved)await _world.World.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.AddAsync(draft, CancellationToken.None))).RouterId;
    }

    private Task<BindOutcome> BindAsync(Guid account, Guid[] routers, Guid[]? original = null)
        => _world.World.AsTenantAsync<AccountPlaces, BindOutcome>(places => places.BindAsync(account, routers, original ?? [], CancellationToken.None));

    private Task<PlacesOfAccount?> FindAsync(Guid account)
        => _world.World.AsTenantAsync<AccountPlaces, PlacesOfAccount?>(places => places.FindAsync(account, CancellationToken.None));

    private Task<IReadOnlyList<string>> OnlyAtAsync(Guid router)
        => _world.World.AsTenantAsync<AccountPlaces, IReadOnlyList<string>>(places => places.OnlyAtAsync(router, CancellationToken.None));

    private Task<IReadOnlyList<Rail>> RailsAsync(Guid router)
        => _world.World.AsTenantAsync<Prompts, IReadOnlyList<Rail>>(prompts => prompts.RailsAsync(router, CancellationToken.None));

    private Task<bool> DisableAsync(Guid account)
        => _world.World.AsTenantAsync<PaymentAccounts, bool>(accounts => accounts.DisableAsync(account, CancellationToken.None));

    /// <summary>Somebody else each time: who was asked a moment ago keeps his prompt.</summary>
    private PromptOrder Order(Guid? routerId)
    {
        var payer = ++_payers;
        var device = routerId is { } id ? new WaitingDevice(id, new DeviceAtHotspot($"AA:BB:CC:00:22:{payer:X2}", IPAddress.Parse("10.5.50.20"))) : null;
        return new PromptOrder(_world.HourId, $"+2547220001{payer:D2}", device);
    }

    private async Task<Guid> AskedThroughAsync(Guid? routerId) => (await AskAsync(Order(routerId))).PaymentAccountId;

    private async Task<PaymentRequest> AskAsync(PromptOrder order)
    {
        var outcome = await _world.World.AsTenantAsync<Prompts, PromptOutcome>(prompts => prompts.AskWalkInAsync(order, CancellationToken.None));
        return await _world.RequestAsync(((PromptOutcome.Asked)outcome).RequestId);
    }

    private async Task<(Guid Account, string? Said)> AskedByStaffAsync(Customer customer)
    {
        _world.World.Clock.Advance(Prompts.PatienceBetweenPrompts);
        var wanted = new CustomerPrompt(Guid.CreateVersion7(_world.World.Clock.GetUtcNow()), customer.Id, PaymentWorld.Phone, 100);
        var said = await _world.World.AsTenantAsync<PromptDesk, string?>(desk => desk.AccountForAsync(customer.Id, CancellationToken.None));
        Assert.IsType<PromptOutcome.Asked>(await _world.World.AsTenantAsync<PromptDesk, PromptOutcome>(desk => desk.AskAsync(wanted, CancellationToken.None)));
        return ((await _world.RequestAsync(wanted.Id)).PaymentAccountId, said);
    }
}
