using EasyIsp.Core.Reports;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

public sealed class LoginDiagnosisTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _customer;
    private Guid _router;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _customer = await _world.CustomerAsync("Grace", "0712345678");
        _router = await _world.RouterAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_stands_in_the_way_is_said_from_the_account_to_the_router_to_the_last_login()
    {
        Assert.Equal(Answer.Hindered, (await AskAsync()).Answer);

        await _world.GiveAsync(_customer, await _world.PackageAsync());
        Assert.Equal(Answer.RoutersSilent, (await AskAsync()).Answer);

        await _world.HearRouterAsync(_router);
        Assert.Equal(Answer.NeverAsked, (await AskAsync()).Answer);

        await LogAsync(Refusal.WrongPassword);
        Assert.Equal(Answer.Refused, (await AskAsync()).Answer);

        await LogAsync(Refusal.SubscriptionExpired);
        Assert.Equal(Answer.WouldBeLetIn, (await AskAsync()).Answer);

        await LogAsync(null);
        Assert.Equal(Answer.LetIn, (await AskAsync()).Answer);

        await _world.GoOnlineAsync(_customer, _router);
        Assert.Equal(Answer.IsOnline, (await AskAsync()).Answer);

        await _world.AsTenantAsync<AccessControl, AccessOutcome>(access => access.SuspendAsync(_customer, CancellationToken.None));
        Assert.Equal(Answer.Hindered, (await AskAsync()).Answer);
    }

    [Fact]
    public async Task Logins_in_the_customers_name_are_his_though_nobody_was_found_then()
    {
        await _world.LogLoginAsync(_router, "Home.Grace", Refusal.UnknownUser);
        await _world.LogLoginAsync(_router, "home.somebody", Refusal.UnknownUser);
        await _world.LogLoginAsync(_router, "home.grace", Refusal.WrongPassword, await _world.CustomerAsync("Brian"));

        Assert.Equal("Home.Grace", Assert.Single((await AskAsync()).Logins).UserName);
    }

    [Fact]
    public async Task A_customer_for_other_routers_than_there_are_cannot_connect_anywhere()
    {
        await _world.GiveAsync(_customer, await _world.PackageAsync());
        await _world.WriteAsync(db => db.Database.ExecuteSqlAsync($"update customers set allowed_router_ids = {new[] { Guid.Empty }} where id = {_customer}"));

        Assert.Equal(Answer.NoRouter, (await AskAsync()).Answer);
    }

    private async Task LogAsync(Refusal? refusal)
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.LogLoginAsync(_router, "home.grace", refusal, _customer);
    }

    private async Task<Diagnosis> AskAsync()
    {
        var facts = await _world.AsTenantAsync<CustomerOverview, CustomerFacts?>(page => page.FindAsync(_customer, CancellationToken.None));
        return await _world.AsTenantAsync<LoginDiagnosis, Diagnosis>(diagnosis => diagnosis.OfAsync(facts!, CancellationToken.None));
    }
}
