using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class PaymentListTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        var paid = await _world.PromptedAsync();
        await _world.CallBackAsync(paid, PaymentWorld.Paid(paid));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var refused = await _world.PromptedAsync("+254722000111");
        await _world.CallBackAsync(refused, PaymentWorld.NotPaid(refused));
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var flagged = await _world.PromptedAsync("+254733000222");
        await _world.CallBackAsync(flagged, PaymentWorld.Paid(flagged, "UA29B7Q0LD", amount: 3));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Newest_first_each_with_what_came_of_it()
    {
        var page = await ListAsync(new PaymentQuery(new PageOf(0, 25)));

        Assert.Equal(3, page.Total);
        Assert.Equal(
            [PaymentRequestState.Pending, PaymentRequestState.Failed, PaymentRequestState.Paid],
            page.Rows.Select(row => row.State));
        Assert.Equal(("UA17K4M2QX", "One hour", 20m), (page.Rows[2].Receipt, page.Rows[2].Package, page.Rows[2].Amount));
    }

    [Theory]
    [InlineData(PaymentFilter.Paid, 1)]
    [InlineData(PaymentFilter.Waiting, 1)]
    [InlineData(PaymentFilter.NotPaid, 1)]
    public async Task A_state_narrows_the_list(PaymentFilter state, int expected)
        => Assert.Equal(expected, (await ListAsync(new PaymentQuery(new PageOf(0, 25), State: state))).Total);

    [Theory]
    [InlineData("ua17k4")]
    [InlineData("UA17K4M2QX")]
    [InlineData("0712345678")]
    [InlineData("712 345")]
    [InlineData("1001")]
    public async Task A_payment_is_found_by_its_receipt_and_by_anything_that_names_its_customer(string term)
        => Assert.Equal("+254712345678", Assert.Single((await ListAsync(new PaymentQuery(new PageOf(0, 25), term))).Rows).Phone);

    [Theory]
    [InlineData("%")]
    [InlineData("nobody")]
    [InlineData("' or 1=1 --")]
    public async Task What_names_nobody_finds_nothing(string term)
        => Assert.Empty((await ListAsync(new PaymentQuery(new PageOf(0, 25), term))).Rows);

    [Fact]
    public async Task A_message_that_does_not_fit_waits_for_a_person()
    {
        var page = await _world.World.AsTenantAsync<PaymentList, Page<FlaggedMessage>>(
            list => list.FlaggedAsync(new PageOf(0, 25), TestContext.Current.CancellationToken));

        Assert.Equal(ProviderMessageOutcome.AmountMismatch, Assert.Single(page.Rows).Outcome);
    }

    [Fact]
    public async Task The_story_of_a_payment_goes_from_the_prompt_to_the_order_to_let_the_device_in()
    {
        var row = (await ListAsync(new PaymentQuery(new PageOf(0, 25), State: PaymentFilter.Paid))).Rows[0];

        var story = await _world.World.AsTenantAsync<PaymentTimeline, PaymentStory?>(
            timeline => timeline.TellAsync(row.Id, TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                PaymentStep.Asked, PaymentStep.Submitted, PaymentStep.ProviderCalled, PaymentStep.Recorded,
                PaymentStep.Booked, PaymentStep.AccessGranted, PaymentStep.RouterTold,
            ],
            story!.Events.Select(e => e.Step));
    }

    private Task<Page<PaymentRow>> ListAsync(PaymentQuery query)
        => _world.World.AsTenantAsync<PaymentList, Page<PaymentRow>>(list => list.ListAsync(query, TestContext.Current.CancellationToken));
}
