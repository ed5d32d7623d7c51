using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>A prompt on its way while the database is away from whoever sends it: nothing is lost, and nothing is sent twice.</summary>
public sealed class PromptsWithoutDatabaseTests(PostgresServer server) : IAsyncLifetime
{
    private const string NotRead = "could not be read";
    private const string NotSaved = "could not be written";

    private readonly LogLines _log = new();
    private PaymentWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Database => _world.World.Database.Name;

    public async ValueTask InitializeAsync()
        => _world = await PaymentWorld.OpenAsync(server, services => services.AddLogging(logging => logging.AddProvider(_log)));

    public async ValueTask DisposeAsync()
    {
        await LetInAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task What_the_provider_answered_while_the_database_was_away_is_kept_when_it_is_back()
    {
        _world.Daraja.BeforeAnswer = _ => TurnAwayAsync();
        var asked = await _world.AskAsync();
        var sending = _world.SendAsync();
        await TriedAsync(NotSaved, 3, sending);

        await LetInAsync();
        await PassedAsync(sending);

        var request = await _world.RequestAsync(asked);
        Assert.Equal((PaymentRequestState.Pending, "ws_CO_1"), (request.State, request.CheckoutRequestId));
        Assert.NotNull(request.NextQueryAt);
        Assert.Equal(1, _world.Daraja.Pushes);
    }

    [Fact]
    public async Task What_could_not_be_kept_for_long_is_never_sent_again_and_settled_by_the_callback()
    {
        _world.Daraja.BeforeAnswer = _ => TurnAwayAsync();
        var asked = await _world.AskAsync();
        var sending = _world.SendAsync();
        await TriedAsync(NotSaved, 1, sending);

        await PassedAsync(sending);

        await LetInAsync();
        Assert.Equal(PaymentRequestState.Submitting, (await _world.RequestAsync(asked)).State);
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.World.Services.GetRequiredService<PromptSender>().SweepAsync(Cancelled);
        Assert.Equal(0, await _world.SendAsync());
        var request = await _world.RequestAsync(asked);
        Assert.Equal(PaymentRequestState.SubmittedUnknown, request.State);
        await _world.CallBackAsync(request, PaymentWorld.PaidBeforeAnswer("ws_CO_1", "UA17K4M2QX"), _world.Daraja.CallbackOf("ws_CO_1"));
        Assert.Equal(PaymentRequestState.Paid, (await _world.RequestAsync(asked)).State);
        Assert.Equal(1, _world.Daraja.Pushes);
    }

    [Fact]
    public async Task A_prompt_that_could_not_be_read_waits_as_before_and_is_sent_once()
    {
        var asked = await _world.AskAsync();
        await TurnAwayAsync();
        var sending = _world.SendAsync();
        await TriedAsync(NotRead, 1, sending);
        await TriedAsync(NotSaved, 2, sending);

        await LetInAsync();
        await PassedAsync(sending);

        var waiting = await _world.RequestAsync(asked);
        Assert.Equal((PaymentRequestState.Created, null, 0), (waiting.State, waiting.SubmittedAt, _world.Daraja.Pushes));
        Assert.Equal(1, await _world.SendAsync());
        Assert.Equal((PaymentRequestState.Pending, 1), ((await _world.RequestAsync(asked)).State, _world.Daraja.Pushes));
    }

    /// <summary>What was tried so often has failed so often.</summary>
    private async Task TriedAsync(string what, int times, Task sending)
    {
        while (_log.From(LogLevel.Warning).Split(what).Length <= times)
        {
            Assert.False(sending.IsCompleted, "It gave up, or it was never tried.");
            await SecondAsync(sending);
        }
    }

    private async Task PassedAsync(Task sending)
    {
        while (!sending.IsCompleted)
            await SecondAsync(sending);
        await sending;
    }

    /// <summary>A second of the product's; of ours, as long as a refused connection may take.</summary>
    private async Task SecondAsync(Task sending)
    {
        _world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAny(sending, Task.Delay(100, Cancelled));
    }

    /// <summary>To whoever works for the tenant the database is away; the platform still claims.</summary>
    private Task TurnAwayAsync() => ExecuteAsync($"""
        revoke connect on database {Database} from public, {DatabaseRoles.App};
        grant connect on database {Database} to {DatabaseRoles.Platform};
        select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{Database}' and usename = '{DatabaseRoles.App}';
        """);

    private Task LetInAsync() => ExecuteAsync($"grant connect on database {Database} to public");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_world.World.Database.Admin);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
