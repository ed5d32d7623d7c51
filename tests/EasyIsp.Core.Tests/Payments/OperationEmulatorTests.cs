using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Emulators.Daraja;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Our client's orders, pulls and pictures against the strict emulator (mpesa.md, 6 to 12).</summary>
public sealed class OperationEmulatorTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OriginatorConversationID", null)]
    [InlineData("CommandID", "Payment")]
    [InlineData("Amount", "9")]
    [InlineData("Amount", "10.50")]
    [InlineData("PartyB", "0712345678")]
    [InlineData("Remarks", "x")]
    [InlineData("SecurityCredential", "")]
    [InlineData("ResultURL", "https://portal.example/mpesa/res")]
    [InlineData("QueueTimeOutURL", "https://portal.example/query")]
    [InlineData("Occasion", "v3 spells it otherwise")]
    public async Task A_field_that_is_wrong_is_refused(string field, string? value)
    {
        await using var world = await DarajaWorld.OpenAsync();
        var body = new Dictionary<string, object?>
        {
            ["OriginatorConversationID"] = "a1", ["InitiatorName"] = "testapi", ["SecurityCredential"] = "x", ["CommandID"] = "BusinessPayment",
            ["Amount"] = "10", ["PartyA"] = "600111", ["PartyB"] = "254712345678", ["Remarks"] = "Refund",
            ["QueueTimeOutURL"] = "https://portal.example/pay/out/1", ["ResultURL"] = "https://portal.example/pay/res/1", ["Occassion"] = "",
            [field] = value,
        };

        var (status, error) = await world.RawAsync("/mpesa/b2c/v3/paymentrequest", body);

        Assert.Equal((400, "400.002.02"), (status, error.GetProperty("errorCode").GetString()));
    }

    [Fact]
    public async Task A_payout_of_an_id_that_was_used_is_an_unknown_outcome()
    {
        await using var world = await DarajaWorld.OpenAsync();
        var order = new OperationOrder.Payout("id-1", "254712345678", 50)
        {
            Initiator = new OperationInitiator("testapi", "x"),
            Addresses = new OperationAddresses(new Uri(world.CallbackUrl, "/pay/res/1"), new Uri(world.CallbackUrl, "/pay/out/1")),
            Remarks = "Refund",
        };

        Assert.IsType<OperationAck.Accepted>(await world.Operations.SubmitAsync(world.Credentials, order, Cancelled));
        Assert.IsType<OperationAck.OutcomeUnknown>(await world.Operations.SubmitAsync(world.Credentials, order, Cancelled));
    }

    [Theory]
    [InlineData(DarajaFault.HtmlPage, false)]
    [InlineData(DarajaFault.Unavailable, false)]
    [InlineData(DarajaFault.ConnectionReset, false)]
    public async Task A_broken_edge_leaves_the_outcome_unknown(DarajaFault fault, bool isRefused)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { OrderFault = fault });
        var order = new OperationOrder.Balance
        {
            Initiator = new OperationInitiator("testapi", "x"), Addresses = new OperationAddresses(world.CallbackUrl, world.CallbackUrl), Remarks = "Balance",
        };

        Assert.Equal(isRefused, await world.Operations.SubmitAsync(world.Credentials, order, Cancelled) is OperationAck.Refused);
    }

    [Theory]
    [InlineData(false, false, PullZone.EastAfrica)]
    [InlineData(true, false, PullZone.EastAfrica)]
    [InlineData(false, true, PullZone.Utc)]
    public async Task What_came_is_pulled_page_by_page(bool byGet, bool timesAreUtc, PullZone zone)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { PullByGet = byGet, PullTimesAreUtc = timesAreUtc, SpacedPullKeys = byGet });
        Assert.Equal(new PullRegistration.Registered(Before: false), await RegisterAsync(world));
        Assert.Equal(new PullRegistration.Registered(Before: true), await RegisterAsync(world));
        for (var number = 1; number <= 120; number++)
            await world.PayAsync($"{1000 + number}", number);

        var first = Assert.IsType<PullResult.Rows>(await PullAsync(world, 0, byGet, zone));
        var second = Assert.IsType<PullResult.Rows>(await PullAsync(world, first.Count, byGet, zone));
        var none = Assert.IsType<PullResult.Rows>(await PullAsync(world, 120, byGet, zone));

        Assert.Equal((100, 20, 0), (first.Count, second.Count, none.Count));
        Assert.Equal(
            world.Emulator.Statement.Lines.Select(line => (line.Receipt, line.Amount, line.AccountReference)).Order(),
            first.Read.Concat(second.Read).Select(row => (row.Receipt, row.Amount, row.Account!)).Order());
        Assert.All(first.Read, row => Assert.Equal(world.Clock.GetUtcNow(), row.At));
    }

    [Fact]
    public async Task Pulling_with_the_wrong_verb_or_without_registration_is_no_answer()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { PullByGet = true });

        Assert.IsType<PullResult.NoAnswer>(await PullAsync(world, 0, byGet: false, PullZone.EastAfrica));
        Assert.IsType<PullResult.NoAnswer>(await PullAsync(world, 0, byGet: true, PullZone.EastAfrica));
    }

    [Fact]
    public async Task A_picture_to_pay_by_is_a_png()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var made = Assert.IsType<QrResult.Made>(await world.Operations.QrAsync(world.Credentials, new QrOrder("Demo ISP", "1042", 150), Cancelled));

        Assert.Equal("PNG"u8.ToArray(), made.Png[1..4]);
    }

    private static Task<PullRegistration> RegisterAsync(DarajaWorld world)
        => world.Operations.RegisterPullAsync(world.Credentials, "254722000000", new Uri(world.CallbackUrl, "/pay/pull"), Cancelled);

    private static Task<PullResult> PullAsync(DarajaWorld world, int offset, bool byGet, PullZone zone)
    {
        var now = world.Clock.GetUtcNow();
        return world.Operations.PullAsync(world.Credentials, new PullQuestion(now.AddHours(-2), now.AddMinutes(1), offset, byGet, zone), Cancelled);
    }
}
