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
    public async Task Money_that_came_by_itself_stands_among_the_prompts_by_its_time()
    {
        var jane = await _world.RegisterAsync(1042);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", receipt: "UA31AAAAAA"));
        await _world.ConfirmAsync(C2bWorld.Confirmation("9999", 500, "UA31BBBBBB"));

        var page = await ListAsync(new PaymentQuery(new PageOf(0, 25)));

        Assert.Equal(5, page.Total);
        Assert.Equal(page.Rows.OrderByDescending(row => row.At), page.Rows);
        var placed = Assert.Single(page.Rows, row => row.Receipt == "UA31AAAAAA");
        Assert.Equal((false, jane.Id, null), (placed.IsPrompt, placed.CustomerId!.Value, placed.State));
        var waiting = Assert.Single(page.Rows, row => row.Receipt == "UA31BBBBBB");
        Assert.Equal((null, "9999", "JANE WANJIKU", 500m), (waiting.CustomerId, waiting.TypedAccount, waiting.PayerName, waiting.Amount));
    }

    [Theory]
    [InlineData(PaymentFilter.Paid, PaymentWay.Any, 2)]
    [InlineData(PaymentFilter.Paid, PaymentWay.Prompt, 1)]
    [InlineData(PaymentFilter.Paid, PaymentWay.ByThemselves, 1)]
    [InlineData(PaymentFilter.Unmatched, PaymentWay.Any, 1)]
    [InlineData(PaymentFilter.Unmatched, PaymentWay.Prompt, 0)]
    [InlineData(PaymentFilter.All, PaymentWay.ByThemselves, 2)]
    [InlineData(PaymentFilter.All, PaymentWay.Prompt, 3)]
    public async Task State_and_way_narrow_both_kinds(PaymentFilter state, PaymentWay way, int expected)
    {
        await _world.RegisterAsync(1042);
        await _world.ConfirmAsync(C2bWorld.Confirmation("1042", receipt: "UA31AAAAAA"));
        await _world.ConfirmAsync(C2bWorld.Confirmation("9999", 500, "UA31BBBBBB"));

        var page = await ListAsync(new PaymentQuery(new PageOf(0, 25), State: state, Way: way));

        Assert.Equal((expected, expected), (page.Total, page.Rows.Count));
    }

    [Theory]
    [InlineData("ua31b")]
    [InlineData("9999")]
    [InlineData("jane wan")]
    public async Task What_waits_is_found_by_its_receipt_and_by_what_the_payer_typed(string term)
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("9999", 500, "UA31BBBBBB"));

        Assert.Equal("UA31BBBBBB", Assert.Single((await ListAsync(new PaymentQuery(new PageOf(0, 25), term))).Rows).Receipt);
    }

    [Fact]
    public async Task Pages_of_both_kinds_together_show_each_row_once()
    {
        await _world.ConfirmAsync(C2bWorld.Confirmation("9999", 500, "UA31BBBBBB"));
        foreach (var sort in Enum.GetValues<PaymentSort>())
        {
            List<Guid> seen = [];
            for (var index = 0; index < 4; index++)
                seen.AddRange((await ListAsync(new PaymentQuery(new PageOf(index, 1), Sort: sort))).Rows.Select(row => row.Id));

            Assert.Equal(4, seen.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_message_that_does_not_fit_waits_for_a_person()
    {
        var page = await _world.World.AsTenantAsync<FlaggedList, Page<FlaggedMessage>>(
            list => list.ListAsync(new PageOf(0, 25), TestContext.Current.CancellationToken));

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
