using EasyIsp.Core.Routers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Sessions;

public sealed class LoginTestDeskTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Router _market = null!;

    private LoginTestQueue Queue => _world.Services.GetRequiredService<LoginTestQueue>();

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _market = await _world.AddRouterAsync("Market");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_test_is_taken_once_and_what_was_typed_is_gone_with_it()
    {
        var id = await AskedAsync(Typed("HXKM4PQR", "s3cret"));
        var before = await StatusAsync(id);

        var taken = Assert.Single(await Queue.TakeAsync("worker-1", CancellationToken.None));
        Assert.Empty(await Queue.TakeAsync("worker-2", CancellationToken.None));

        var codec = _world.Services.GetRequiredService<SecretCodec>();
        Assert.Equal(new LoginTestCredentials("HXKM4PQR", "s3cret"), LoginTestCredentials.Reveal(codec, _world.TenantId, taken.Test.Credentials!));
        Assert.Equal(("HX••••••", "worker-1"), (before!.UserName, (await StatusAsync(id))!.TakenBy));
        Assert.Equal(0, await _world.ReadAsync(db => db.LoginTests.CountAsync(t => t.Credentials != null)));
    }

    [Fact]
    public async Task What_was_answered_is_read_as_it_was_written()
    {
        var id = await AskedAsync(Typed("nobody", ""));
        var taken = Assert.Single(await Queue.TakeAsync("worker-1", CancellationToken.None));
        var result = new LoginTestResult(LoginTestAnswer.Accepted, null, null, "ask", "reply", [LoginTestEffect.BindsDevice], TimeSpan.FromMilliseconds(2.5));

        await Queue.AnswerAsync(taken.Test, result, CancellationToken.None);

        var read = (await StatusAsync(id))!.Result!;
        Assert.Equal([LoginTestEffect.BindsDevice], read.Effects);
        Assert.Equal(result with { Effects = read.Effects }, read);
    }

    [Fact]
    public async Task It_is_in_the_audit_who_tested_what_and_where_and_never_the_password()
    {
        await AskedAsync(Typed("nobody", "s3cret"));

        var deed = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(a => a.Action == "router.test-login"));
        var details = deed.Details!.RootElement.GetRawText();
        Assert.Equal(_market.Id, deed.SubjectId);
        Assert.Contains("Market", details, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", details, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_password_is_there_only_for_a_customer_who_has_one()
    {
        Assert.Equal([LoginTestFault.NobodyHasIt], await FaultsAsync(Typed("nobody", null)));
        Assert.Equal([LoginTestFault.MacAddressMissing], await FaultsAsync(Typed("", null) with { Kind = LoginTestKind.Dhcp }));
        Assert.Equal([LoginTestFault.MacAddress, LoginTestFault.UserName], await FaultsAsync(Typed(" ", null) with { MacAddress = "AA:BB" }));
    }

    [Fact]
    public async Task A_company_that_tests_too_often_waits_a_minute()
    {
        for (var i = 0; i < LoginTestDesk.MostInAMinute; i++)
            await AskedAsync(Typed("nobody", "guess"));

        Assert.Equal([LoginTestFault.TooMany], await FaultsAsync(Typed("nobody", "guess")));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskedAsync(Typed("nobody", "guess"));
    }

    [Fact]
    public async Task A_test_is_forgotten_after_a_day_and_one_that_waited_too_long_is_nobodys()
    {
        await AskedAsync(Typed("nobody", "s3cret"));
        _world.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await Queue.TakeAsync("worker-1", CancellationToken.None));

        var job = _world.Services.GetRequiredService<OldLoginTestsJob>();
        await job.RunAsync(CancellationToken.None);
        Assert.Equal(1, await _world.ReadAsync(db => db.LoginTests.CountAsync(t => t.Credentials == null)));
        _world.Clock.Advance(TimeSpan.FromDays(1));
        await job.RunAsync(CancellationToken.None);
        Assert.Equal(0, await _world.ReadAsync(db => db.LoginTests.CountAsync()));
    }

    private LoginTestDraft Typed(string userName, string? password)
        => new(_market.Id, LoginTestKind.Pppoe, LoginTestMethod.Pap, userName, password is null, password, null);

    private async Task<Guid> AskedAsync(LoginTestDraft draft) => Assert.IsType<LoginTestOutcome.Asked>(await AskAsync(draft)).TestId;

    private async Task<IReadOnlyList<LoginTestFault>> FaultsAsync(LoginTestDraft draft)
        => Assert.IsType<LoginTestOutcome.Refused>(await AskAsync(draft)).Faults;

    private Task<LoginTestOutcome> AskAsync(LoginTestDraft draft)
        => _world.AsTenantAsync<LoginTestDesk, LoginTestOutcome>(desk => desk.AskAsync(draft, CancellationToken.None));

    private Task<LoginTestStatus?> StatusAsync(Guid id)
        => _world.AsTenantAsync<LoginTestDesk, LoginTestStatus?>(desk => desk.FindAsync(id, CancellationToken.None));
}
