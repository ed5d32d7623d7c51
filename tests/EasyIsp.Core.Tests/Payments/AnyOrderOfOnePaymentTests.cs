using System.Globalization;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Tests.Payments.Sms;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>
/// All ten that can tell of one payment, in drawn orders, some more than once, some two at a time, some before the submission
/// is answered: payments, ledger, suspense and access end as they do in the plainest order. <c>EASYISP_TEST_SEED</c>, a
/// number, draws others.
/// </summary>
public sealed class AnyOrderOfOnePaymentTests(PostgresServer server) : IAsyncLifetime
{
    private const int Draws = 40;

    private static readonly int Seed = int.TryParse(
        Environment.GetEnvironmentVariable("EASYISP_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20260302;

    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Any_interleaving_of_all_that_tells_of_a_payment_ends_alike(bool atTill, bool smsMayBook)
    {
        if (atTill)
            await _world.OpenTillAsync();
        var phone = await _world.AddPhoneAsync();
        if (smsMayBook)
            await _world.LetBookAsync(Enum.GetValues<MoneySmsFamily>());
        var drawer = (await _world.World.AsTenantAsync<CounterAccounts, Guid?>(
            accounts => accounts.OpenAsync(new NewCounterAccount("Drawer", Rail.Cash), TestContext.Current.CancellationToken)))!.Value;

        var plainest = await EndAsync(new TellingOrder(Seed, Enum.GetValues<Told>().Select(told => new[] { told })), 0);
        Assert.Equal(OnePaymentEnd.AsItShouldBe, plainest);
        for (var draw = 1; draw <= Draws; draw++)
        {
            var order = TellingOrder.Drawn(unchecked((Seed * 1_000) + draw));
            Assert.True(plainest == await EndAsync(order, draw), $"EASYISP_TEST_SEED={Seed}, draw {draw}: {order}\n{_last}");
        }

        async Task<OnePaymentEnd> EndAsync(TellingOrder order, int number)
        {
            var told = await OnePayment.AskedAsync(_world, new OnePaymentPlace(atTill, phone, drawer), number);
            await told.PlayAsync(order);
            return _last = await told.EndAsync();
        }
    }

    private OnePaymentEnd? _last;
}

/// <summary>What can tell of a payment, in the order of a day on which nothing goes wrong.</summary>
internal enum Told
{
    /// <summary>The answer to the prompt's submission.</summary>
    Accepted,
    CalledBack,
    CalledBackAgain,
    Confirmed,
    Queried,
    Pulled,
    Sms,

    /// <summary>The counter takes cash of the same customer, and staff settle what lies open of this payment.</summary>
    Staff,

    /// <summary>Nobody answers in time: the submission, or the questions, to the last.</summary>
    TimedOut,

    /// <summary>The provider gives the prompt up, though its money moves.</summary>
    CalledBackFailed,
}

/// <summary>Groups one after the other; the two of a group at once.</summary>
internal sealed class TellingOrder(int seed, IEnumerable<Told[]> groups)
{
    public int Seed => seed;
    public IReadOnlyList<Told[]> Groups { get; } = [.. groups];

    /// <summary>Each at least once; all but the answer perhaps more often.</summary>
    public static TellingOrder Drawn(int seed)
    {
        var random = new Random(seed);
        var events = Enum.GetValues<Told>().ToList();
        for (var more = random.Next(4); more > 0; more--)
            events.Add((Told)random.Next(1, Enum.GetValues<Told>().Length));
        var drawn = events.ToArray();
        random.Shuffle(drawn);
        List<Told[]> groups = [];
        for (var at = 0; at < drawn.Length;)
        {
            var size = at + 1 < drawn.Length && random.Next(3) == 0 ? 2 : 1;
            groups.Add(drawn[at..(at + size)]);
            at += size;
        }

        return new TellingOrder(seed, groups);
    }

    public override string ToString() => string.Join(", ", Groups.Select(group => string.Join(" + ", group)));
}
