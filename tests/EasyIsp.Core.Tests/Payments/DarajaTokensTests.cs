using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class DarajaTokensTests
{
    [Fact]
    public async Task Many_payers_at_once_share_one_token()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.PushAsync($"2547123456{i:00}")));

        Assert.All(results, result => Assert.IsType<PromptResult.Accepted>(result));
        Assert.Equal(1, world.Emulator.Tokens.Issued);
    }

    [Fact]
    public async Task A_token_is_renewed_five_minutes_before_it_dies()
    {
        await using var world = await DarajaWorld.OpenAsync();

        await world.AcceptedAsync("254712345610");
        world.Clock.Advance(TimeSpan.FromSeconds(3599 - 300 - 1));
        await world.AcceptedAsync("254712345611");
        Assert.Equal(1, world.Emulator.Tokens.Issued);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.AcceptedAsync("254712345612");

        Assert.Equal(2, world.Emulator.Tokens.Issued);
    }

    [Theory]
    [InlineData("404.001.03")]
    [InlineData("400.003.01")]
    [InlineData("401.002.01")]
    [InlineData("401.003.01")]
    public async Task A_token_that_another_system_killed_is_replaced_and_the_push_goes_through_once(string code)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { DeadTokenError = code });

        await world.AcceptedAsync("254712345610");
        world.Emulator.Tokens.Issue("key-of-demo");
        await world.AcceptedAsync("254712345611");

        Assert.Equal(2, world.Emulator.Prompts.Count);
        Assert.Equal(3, world.Emulator.Tokens.Issued);
    }

    [Fact]
    public async Task Where_old_tokens_stay_valid_nothing_is_renewed()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { NewTokenKillsPrevious = false });

        await world.AcceptedAsync("254712345610");
        world.Emulator.Tokens.Issue("key-of-demo");
        await world.AcceptedAsync("254712345611");

        Assert.Equal(2, world.Emulator.Tokens.Issued);
    }

    [Fact]
    public async Task A_token_is_replaced_once_and_then_the_refusal_stands()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { EveryTokenIsDead = true });

        var refused = Assert.IsType<PromptResult.Refused>(await world.PushAsync("254712345611"));

        Assert.Equal(("404.001.03", ProviderRefusal.Credentials), (refused.Code, refused.Kind));
        Assert.Equal(2, world.Emulator.Tokens.Issued);
        Assert.Empty(world.Emulator.Prompts);
    }

    [Fact]
    public async Task One_renewal_serves_all_who_wait_and_its_failure_ends_with_them()
    {
        var store = new MemoryTokenStore(new FakeTimeProvider());
        var calls = 0;
        var answer = new TaskCompletionSource<AccessToken>();
        Task<AccessToken> RenewAsync()
        {
            calls++;
            return answer.Task;
        }

        var first = store.GetAsync("a", RenewAsync, TestContext.Current.CancellationToken);
        var second = store.GetAsync("a", RenewAsync, TestContext.Current.CancellationToken);
        answer.SetException(new InvalidOperationException());

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        Assert.Equal(1, calls);

        var token = new AccessToken("t", DateTimeOffset.MaxValue);
        Assert.Equal(token, await store.GetAsync("a", () => Task.FromResult(token), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_gives_up_waiting_does_not_take_the_renewal_from_the_others()
    {
        var store = new MemoryTokenStore(new FakeTimeProvider());
        var answer = new TaskCompletionSource<AccessToken>();
        using var impatient = new CancellationTokenSource();

        var first = store.GetAsync("a", () => answer.Task, impatient.Token);
        var second = store.GetAsync("a", () => answer.Task, TestContext.Current.CancellationToken);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(new AccessToken("t", DateTimeOffset.MaxValue));

        Assert.Equal("t", (await second).Value);
    }

    [Fact]
    public async Task Dropping_a_token_that_was_replaced_leaves_the_new_one()
    {
        var store = new MemoryTokenStore(new FakeTimeProvider());
        var old = new AccessToken("old", DateTimeOffset.MaxValue);
        var fresh = new AccessToken("new", DateTimeOffset.MaxValue);

        await store.GetAsync("a", () => Task.FromResult(old), TestContext.Current.CancellationToken);
        await store.DropAsync("a", old, TestContext.Current.CancellationToken);
        await store.GetAsync("a", () => Task.FromResult(fresh), TestContext.Current.CancellationToken);
        await store.DropAsync("a", old, TestContext.Current.CancellationToken);

        Assert.Equal(fresh, await store.GetAsync("a", () => Task.FromResult(old), TestContext.Current.CancellationToken));
    }
}
