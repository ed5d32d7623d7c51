using System.Globalization;
using System.Net;
using System.Text.Json;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <param name="From">Both ends belong to it.</param>
/// <param name="Offset">Rows that were read already.</param>
/// <param name="ByGet">GET with a body, as newer documents have it, instead of POST (mpesa.md, 10).</param>
/// <param name="Zone">How the times of the rows are meant.</param>
public sealed record PullQuestion(DateTimeOffset From, DateTimeOffset To, int Offset, bool ByGet, PullZone Zone);

/// <summary>A row's time carries a Z, but Safaricom does not say whether it is meant (mpesa.md, 10).</summary>
public enum PullZone
{
    /// <summary>Nairobi's time with a Z behind it.</summary>
    EastAfrica,
    Utc,
}

/// <summary>What Daraja said to the switching on of pulling.</summary>
public abstract record PullRegistration
{
    private PullRegistration()
    {
    }

    public sealed record Registered(bool Before) : PullRegistration;

    public sealed record Refused(string Message) : PullRegistration;

    public sealed record NotReached(string Reason) : PullRegistration;

    internal static PullRegistration Of(DarajaReply reply) => reply switch
    {
        DarajaReply.NotSent { CredentialsRefused: true, Reason: var reason } => new Refused(reason),
        DarajaReply.NotSent { Reason: var reason } => new NotReached(reason),
        DarajaReply.Lost { Reason: var reason } => new NotReached(reason),
        DarajaReply.Answered { Answer: { Status: HttpStatusCode.OK, Body: { } body } } => body.LooseText("ResponseStatus") switch
        {
            "1000" => new Registered(Before: false),
            "1001" => new Registered(Before: true),
            _ => new Refused((body.LooseText("ResponseDescription") ?? reply.ToString()).Truncate(200)),
        },
        DarajaReply.Answered { ErrorCode.Length: > 0, Answer.Status: < HttpStatusCode.InternalServerError } answered => new Refused(answered.ToString()),
        _ => new NotReached(reply.ToString()),
    };
}

/// <summary>A page of what came.</summary>
public abstract record PullResult
{
    private PullResult()
    {
    }

    /// <param name="Unread">Rows of which nothing can be made, as they came.</param>
    public sealed record Rows(IReadOnlyList<PulledRow> Read, IReadOnlyList<string> Unread) : PullResult
    {
        public int Count => Read.Count + Unread.Count;
    }

    /// <summary>Nothing was learnt; asking again is safe.</summary>
    public sealed record NoAnswer(string Reason) : PullResult;

    internal static PullResult Of(DarajaReply reply, PullZone zone)
    {
        if (reply is not DarajaReply.Answered { Answer: { Status: HttpStatusCode.OK, Body: { } body } } answered || answered.ErrorCode.Length > 0)
            return new NoAnswer(reply.ToString() ?? "");

        return body.LooseText("ResponseCode") switch
        {
            "1000" or "1001" or "0" => RowsOf(body.Loosely("Response"), zone),
            var code => new NoAnswer($"{code} {body.LooseText("ResponseMessage")}".Truncate(200)),
        };
    }

    /// <summary>Documented as an array in an array; one alone is read too.</summary>
    private static Rows RowsOf(JsonElement? response, PullZone zone)
    {
        var rows = Flatten(response).Select(row => (Json: row, Read: RowOf(row, zone))).ToList();
        return new Rows([.. rows.Select(row => row.Read).OfType<PulledRow>()], [.. rows.Where(row => row.Read is null).Select(row => row.Json.GetRawText())]);
    }

    private static IEnumerable<JsonElement> Flatten(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().SelectMany(item => Flatten(item)),
        { ValueKind: JsonValueKind.Object } row => [row],
        _ => [],
    };

    private static PulledRow? RowOf(JsonElement row, PullZone zone)
    {
        if (row.LooseText("transactionId")?.Trim().ToUpperInvariant() is not { } receipt || !Receipts.IsReceipt(receipt))
            return null;
        if (!decimal.TryParse(row.LooseText("amount"), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var amount)
            || amount is not (> 0 and <= 10_000_000) || amount.Scale > 2)
        {
            return null;
        }

        return new PulledRow(
            receipt,
            amount,
            InstantOf(row.LooseText("trxDate"), zone),
            Words(row.LooseText("billreference"), C2bConfirmation.MaxAccountLength),
            Words(row.LooseText("msisdn"), C2bConfirmation.MaxPayerNumberLength),
            Words(row.LooseText("transactiontype"), PulledRow.MaxKindLength));
    }

    private static DateTimeOffset? InstantOf(string? text, PullZone zone)
        => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var read)
            ? new DateTimeOffset(DateTime.SpecifyKind(read, DateTimeKind.Unspecified), zone == PullZone.Utc ? TimeSpan.Zero : StkPassword.EastAfricaOffset).ToUniversalTime()
            : null;

    private static string? Words(string? text, int length)
    {
        var letters = new string((text ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).ToArray()).Trim();
        return letters.Length == 0 ? null : letters.Truncate(length);
    }
}

/// <summary>One payment that came to the short code.</summary>
/// <param name="At">Null when it cannot be read.</param>
/// <param name="Account">What the payer typed; null at a till.</param>
/// <param name="PayerNumber">In full, masked or hashed.</param>
/// <param name="Kind">In the provider's words.</param>
public sealed record PulledRow(string Receipt, decimal Amount, DateTimeOffset? At, string? Account, string? PayerNumber, string? Kind)
{
    public const int MaxKindLength = 60;

    /// <summary>Told only where one transaction was asked about.</summary>
    public string? PayerName { get; init; }

    /// <summary>The zone of its time is not settled.</summary>
    public bool TimeIsDoubted { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} as {Receipt}");
}
