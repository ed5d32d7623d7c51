using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Emulators.Daraja;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Our client, the emulated Safaricom, and what it posts to the registered addresses (mpesa.md, 4).</summary>
public sealed class C2bEmulatorTests
{
    private const string Register = "/mpesa/c2b/v2/registerurl";

    [Fact]
    public async Task Our_client_registers_and_a_payment_from_the_menu_is_confirmed_with_a_masked_number()
    {
        await using var world = await DarajaWorld.OpenAsync();

        Assert.IsType<C2bRegistration.Registered>(await RegisterAsync(world));
        var paid = await world.PayAsync("1042", 150);

        Assert.True(C2bConfirmation.TryParse((await world.CallbackAsync()).Body, out var confirmation, out _));
        Assert.Equal((paid!.Receipt, 150m, "1042", "2547 ***** 678", "JANE"),
            (confirmation.Receipt, confirmation.Amount, confirmation.Account, confirmation.PayerNumber, confirmation.PayerName));
        Assert.Equal(world.Clock.GetUtcNow(), confirmation.PaidAt);
    }

    [Fact]
    public async Task Version_one_hashes_the_number_as_the_reference_says()
    {
        await using var world = await DarajaWorld.OpenAsync();
        var body = RightRegistration(world);

        Assert.Equal(200, (await world.RawAsync("/mpesa/c2b/v1/registerurl", body)).Status);
        await world.PayAsync("1042", 5, "254700000000");

        Assert.True(C2bConfirmation.TryParse((await world.CallbackAsync()).Body, out var confirmation, out _));
        Assert.Equal("7fe2452bdc860302d56ecf03796ed29e4bc3060331087e210e0581159e74244d", confirmation.PayerNumber);
        Assert.True(EasyIsp.Core.Payments.PayerNumber.CouldBe(confirmation.PayerNumber, "+254700000000"));
        Assert.False(EasyIsp.Core.Payments.PayerNumber.CouldBe(confirmation.PayerNumber, "+254700000001"));
    }

    [Theory]
    [InlineData("ShortCode", "60", "400.002.02", 400)]
    [InlineData("ShortCode", "600999", "500.001.1001", 500)]
    [InlineData("ResponseType", "completed", "400.002.02", 400)]
    [InlineData("ConfirmationURL", "http://127.0.0.1/mpesa/in", "400.002.02", 400)]
    [InlineData("ValidationURL", null, "400.002.02", 400)]
    public async Task A_field_that_is_wrong_is_refused_with_its_code(string field, string? value, string code, int status)
    {
        await using var world = await DarajaWorld.OpenAsync();
        var body = RightRegistration(world);
        body[field] = value;

        var (answered, error) = await world.RawAsync(Register, body);

        Assert.Equal((status, code), (answered, error.GetProperty("errorCode").GetString()));
    }

    [Fact]
    public async Task Production_registers_once_and_our_client_says_so()
    {
        await using var world = await DarajaWorld.OpenAsync(new() { RegistersOnce = true });
        await RegisterAsync(world);

        Assert.IsType<C2bRegistration.AlreadyRegistered>(await RegisterAsync(world));
    }

    [Theory]
    [InlineData(DarajaFault.HtmlPage)]
    [InlineData(DarajaFault.Unavailable)]
    [InlineData(DarajaFault.ConnectionReset)]
    public async Task A_broken_edge_is_an_answer_and_no_registration(DarajaFault fault)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { RegisterFault = fault });

        Assert.IsType<C2bRegistration.NotReached>(await RegisterAsync(world));
    }

    [Theory]
    [InlineData("Completed", true)]
    [InlineData("Cancelled", false)]
    public async Task A_validation_that_is_not_answered_goes_by_the_registered_type(string responseType, bool isPaid)
    {
        await using var world = await DarajaWorld.OpenAsync(new() { ExternalValidation = true });
        var body = RightRegistration(world);
        (body["ResponseType"], body["ValidationURL"]) = (responseType, "http://127.0.0.1:1/pay/ask/x");
        await world.RawAsync(Register, body);

        Assert.Equal(isPaid, await world.PayAsync("1042", 5) is not null);
        Assert.Equal(isPaid ? 1 : 0, world.Emulator.Statement.Lines.Count);
    }

    [Fact]
    public async Task Simulating_answers_at_once_and_confirms()
    {
        await using var world = await DarajaWorld.OpenAsync();
        await RegisterAsync(world);

        var (status, answer) = await world.RawAsync("/mpesa/c2b/v2/simulate", new Dictionary<string, object?>
        {
            ["ShortCode"] = 600111, ["CommandID"] = "CustomerPayBillOnline", ["Amount"] = 10, ["Msisdn"] = 254708374149, ["BillRefNumber"] = "1042",
        });

        Assert.Equal((200, "0"), (status, answer.GetProperty("ResponseCode").GetString()));
        Assert.True(answer.TryGetProperty("OriginatorCoversationID", out _));
        Assert.True(C2bConfirmation.TryParse((await world.CallbackAsync()).Body, out _, out _));
    }

    private static Task<C2bRegistration> RegisterAsync(DarajaWorld world) => world.Client.RegisterAsync(
        world.Credentials,
        new C2bAddresses(new Uri(world.CallbackUrl, "/pay/in/5d1c"), new Uri(world.CallbackUrl, "/pay/ask/5d1c")),
        TestContext.Current.CancellationToken);

    private static Dictionary<string, object?> RightRegistration(DarajaWorld world) => new()
    {
        ["ShortCode"] = 600111,
        ["ResponseType"] = "Completed",
        ["ConfirmationURL"] = new Uri(world.CallbackUrl, "/pay/in/5d1c").AbsoluteUri,
        ["ValidationURL"] = new Uri(world.CallbackUrl, "/pay/ask/5d1c").AbsoluteUri,
    };
}
