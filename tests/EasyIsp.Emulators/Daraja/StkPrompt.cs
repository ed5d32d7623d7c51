namespace EasyIsp.Emulators.Daraja;

/// <summary>One accepted push: the prompt on a phone, and later its outcome.</summary>
public sealed class StkPrompt
{
    private readonly Lock _gate = new();

    public required string MerchantRequestId { get; init; }
    public required string CheckoutRequestId { get; init; }
    public required StkRequest Request { get; init; }
    public required DarajaMerchant Merchant { get; init; }
    public required StkScenario Scenario { get; init; }
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Section 3.2: a bank's Paybill receives. The books, the confirmation and the statement are the bank's.</summary>
    public bool IsForBank => Merchant.Till is null && Request.PartyB != Merchant.ShortCode;

    /// <summary>Null while the prompt is open.</summary>
    public string? ResultCode { get; private set; }

    public DateTimeOffset? SettledAt { get; private set; }
    public string? Receipt { get; private set; }

    /// <returns>False when it was settled before: of pin, cancel and time-out the first counts.</returns>
    internal bool TrySettle(string resultCode, string? receipt, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (ResultCode is not null)
                return false;

            (ResultCode, Receipt, SettledAt) = (resultCode, receipt, now);
            return true;
        }
    }
}
