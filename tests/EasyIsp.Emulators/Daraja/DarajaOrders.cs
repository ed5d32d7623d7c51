using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EasyIsp.Emulators.Daraja;

/// <summary>
/// What initiators order (sections 5 to 9): taken at once, carried out later, told of by posting. Its own books are the
/// truth that tests compare with.
/// </summary>
public sealed class DarajaOrders(DarajaEmulator emulator, DarajaCallbacks callbacks, DarajaCertificate certificate, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentQueue<DarajaOrder> _taken = new();
    private readonly ConcurrentBag<ITimer> _timers = [];
    private readonly Lock _books = new();
    private int _received;

    public DarajaCertificate Certificate => certificate;

    /// <summary>Every order that was taken, oldest first.</summary>
    public IReadOnlyList<DarajaOrder> Taken => [.. _taken];

    /// <summary>How many arrived, whatever became of them: shows whether a client repeats itself.</summary>
    public int Received => _received;

    /// <summary>What really left a short code.</summary>
    public IEnumerable<DarajaOrder> CarriedOut => Taken.Where(order => order is { ResultCode: "0", Kind: DarajaOrderKind.Payout or DarajaOrderKind.Reversal });

    internal void CountOrder() => Interlocked.Increment(ref _received);

    internal bool KnowsPayout(string originatorConversationId)
        => _taken.Any(order => order.Kind == DarajaOrderKind.Payout && order.OriginatorConversationId == originatorConversationId);

    /// <summary>The utility account: what came, less what left.</summary>
    public decimal FundsOf(DarajaMerchant merchant)
        => emulator.Options.OpeningFunds
            + emulator.Statement.Lines.Where(line => line.ShortCode == merchant.ShortCode).Sum(line => line.Amount)
            - CarriedOut.Where(order => order.Merchant.ShortCode == merchant.ShortCode).Sum(order => order.Amount);

    internal void Take(DarajaOrder order)
    {
        _taken.Enqueue(order);
        var options = emulator.Options;
        if (options.ResultBeforeAnswer)
            CarryOut(order);
        else
            After(options.OrderTakes, () => CarryOut(order));
    }

    /// <summary>The outcome once more, for who wants a double; does not wait for the receiver.</summary>
    public void Tell(DarajaOrder order)
        => callbacks.Post(order.ConversationId, order.Merchant.ShortCode, order.ResultUrl, ResultBody(order, emulator.Options));

    internal static string NewConversationId(DateTimeOffset now)
        => $"AG_{now.ToOffset(TimeSpan.FromHours(3)).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}_{RandomNumberGenerator.GetHexString(20, lowercase: true)}";

    /// <summary>As Daraja posts it, with the looseness of section 5 where the options ask for it.</summary>
    public static string ResultBody(DarajaOrder order, DarajaEmulatorOptions options)
    {
        var isDone = order.ResultCode == "0";
        var reference = new JsonObject { ["Key"] = "QueueTimeoutURL", ["Value"] = "https://internal.example/timeout" };
        var result = new JsonObject
        {
            ["ResultType"] = 0,
            ["ResultCode"] = DarajaCallbacks.CodeNode(order.ResultCode!, options.ResultCodeAsString),
            ["ResultDesc"] = isDone ? "The service request is processed successfully." : DescriptionOf(order.ResultCode!),
            ["OriginatorConversationID"] = order.OriginatorConversationId,
            ["ConversationID"] = order.ConversationId,
            ["TransactionID"] = order.NewReceipt ?? "UC20000000",
        };
        if (isDone)
        {
            var parameters = order.Parameters.Select(p => p.Value is null
                ? new JsonObject { ["Key"] = p.Key }
                : new JsonObject { ["Key"] = p.Key, ["Value"] = p.Value.DeepClone() });
            result["ResultParameters"] = new JsonObject { ["ResultParameter"] = new JsonArray([.. parameters]) };
        }

        result["ReferenceData"] = new JsonObject { ["ReferenceItem"] = options.ReferenceItemAsArray ? new JsonArray(reference) : reference };
        return new JsonObject { ["Result"] = result }.ToJsonString();
    }

    public void Dispose()
    {
        foreach (var timer in _timers)
            timer.Dispose();
    }

    private void CarryOut(DarajaOrder order)
    {
        var options = emulator.Options;
        lock (_books)
        {
            order.SettledAt = clock.GetUtcNow();
            order.ResultCode = order.Doom ?? OrderBooks.Judge(order, this, emulator);
            if (order is { ResultCode: "0", Kind: DarajaOrderKind.Payout or DarajaOrderKind.Reversal })
                order.NewReceipt = emulator.Statement.NewReceipt(clock.GetUtcNow());
            OrderBooks.Describe(order, this, emulator);
        }

        if (options.OrdersTimeOut)
        {
            callbacks.Post(order.ConversationId, order.Merchant.ShortCode, order.TimeOutUrl, "{}");
            return;
        }

        foreach (var delay in options.ResultPlan?.Invoke(order) ?? [TimeSpan.Zero])
            After(delay, () => PostResult(order));
    }

    private void PostResult(DarajaOrder order)
    {
        if (emulator.Options.ResultAsHtml)
            callbacks.Post(order.ConversationId, order.Merchant.ShortCode, order.ResultUrl, "<html><body>Incapsula</body></html>");
        else
            Tell(order);
    }

    private static string DescriptionOf(string code) => code switch
    {
        "1" => "The balance is insufficient for the transaction.",
        "21" => "The initiator is not allowed to initiate this request.",
        "25" => "The parameters are invalid.",
        "2001" => "The initiator information is invalid.",
        "2040" => "Credit Party customer type (Unregistered or Registered Customer) can't be supported by the service.",
        "R000001" => "The transaction has already been reversed.",
        "R000002" => "The OriginalTransactionID is invalid.",
        _ => "Failed",
    };

    private void After(TimeSpan delay, Action action)
    {
        if (delay <= TimeSpan.Zero)
            action();
        else
            _timers.Add(clock.CreateTimer(_ => action(), null, delay, Timeout.InfiniteTimeSpan));
    }
}
