using EasyIsp.Core.Payments;
using EasyIsp.Core.Secrets;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Prompts on their way out: who waits for whom, what is refused, what a stop waits for.</summary>
public sealed class PromptSenderTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_prompt_that_the_provider_is_slow_to_answer_holds_up_no_other()
    {
        var (isSent, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _world.Daraja.BeforeAnswer = _ => isSent.TrySetResult() ? answer.Task : Task.CompletedTask;
        var slow = await _world.AskAsync();
        var sending = await _world.World.Services.GetRequiredService<PromptSender>().BeginDueAsync(CancellationToken.None);
        await isSent.Task;

        var quick = await _world.PromptedAsync("+254712345679");

        Assert.Equal(PaymentRequestState.Pending, quick.State);
        Assert.Equal(PaymentRequestState.Submitting, (await _world.RequestAsync(slow)).State);
        answer.SetResult();
        await Task.WhenAll(sending);
        Assert.Equal(PaymentRequestState.Pending, (await _world.RequestAsync(slow)).State);
    }

    [Fact]
    public async Task An_account_whose_provider_is_slow_leaves_places_for_the_prompts_of_others()
    {
        var answer = new TaskCompletionSource();
        _world.Daraja.BeforeAnswer = _ => answer.Task;
        for (var number = 0; number < 40; number++)
            await _world.AskAsync($"+2547123456{number:D2}");
        await _world.OpenTillAsync();
        var other = await _world.AskAsync("+254712345699");
        var sender = _world.World.Services.GetRequiredService<PromptSender>();

        var sending = await sender.BeginDueAsync(CancellationToken.None);

        Assert.Equal(32 + 1, sending.Count);
        Assert.Equal(PaymentRequestState.Submitting, (await _world.RequestAsync(other)).State);
        Assert.Empty(await sender.BeginDueAsync(CancellationToken.None));
        answer.SetResult();
        await Task.WhenAll(sending);
        Assert.Equal(40 - 32, await sender.SendDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_account_whose_stored_keys_cannot_be_read_refuses_at_once_and_is_asked_after_in_its_turn()
    {
        var prompted = await _world.PromptedAsync();
        await _world.World.WriteAsync(db => db.PaymentAccounts.ExecuteUpdateAsync(
            set => set.SetProperty(a => a.Passkey, new Secret([1, 2, 3])), TestContext.Current.CancellationToken));

        var refused = await _world.PromptedAsync("+254712345679");
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var due = (await _world.RequestAsync(prompted.Id)).NextQueryAt;
        await _world.AskAfterAsync();

        Assert.Equal((PaymentRequestState.Rejected, "Credentials"), (refused.State, refused.ResultCode));
        Assert.True((await _world.RequestAsync(prompted.Id)).NextQueryAt > due);
    }

    [Fact]
    public async Task A_stop_waits_for_the_answer_to_what_is_on_its_way()
    {
        var (isSent, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _world.Daraja.BeforeAnswer = _ => isSent.TrySetResult() ? answer.Task : Task.CompletedTask;
        var asked = await _world.AskAsync();
        var sender = _world.World.Services.GetRequiredService<PromptSender>();
        using var stopping = new CancellationTokenSource();
        await sender.BeginDueAsync(stopping.Token);
        await isSent.Task;

        await stopping.CancelAsync();
        var ending = sender.EndAsync(TestContext.Current.CancellationToken);

        Assert.False(ending.IsCompleted);
        answer.SetResult();
        await ending;
        Assert.Equal(PaymentRequestState.Pending, (await _world.RequestAsync(asked)).State);
    }

    [Fact]
    public async Task Who_presses_twice_is_asked_once()
    {
        var first = await _world.AskAsync();

        Assert.Equal(first, await _world.AskAsync());

        await _world.SendAsync();
        Assert.Equal(1, _world.Daraja.Pushes);
    }

    [Fact]
    public async Task A_prompt_that_cannot_be_made_is_refused_and_the_others_go_out()
    {
        var foreign = await _world.AskAsync("+255712345678");
        var good = await _world.AskAsync();

        await _world.SendAsync();

        Assert.Equal(PaymentRequestState.Rejected, (await _world.RequestAsync(foreign)).State);
        Assert.Equal(PaymentRequestState.Pending, (await _world.RequestAsync(good)).State);
    }
}
