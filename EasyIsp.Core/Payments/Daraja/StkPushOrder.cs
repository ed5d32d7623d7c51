namespace EasyIsp.Core.Payments.Daraja;

/// <summary>One prompt on one phone. What Daraja would refuse as bad input is refused here, before anything is sent.</summary>
public sealed record StkPushOrder
{
    public const decimal LeastAmount = 1;
    public const decimal GreatestAmount = 250_000;
    public const int LongestReference = 12;
    public const int LongestDescription = 13;

    /// <param name="phone">E.164, with or without the plus; Kenyan mobile numbers only.</param>
    /// <param name="amount">Whole shillings, 1 to 250,000.</param>
    /// <param name="accountReference">Shown in the prompt and in the payer's SMS: 1 to 12 letters and digits.</param>
    /// <param name="description">At most 13 characters.</param>
    /// <param name="callbackUrl">Where the outcome is posted to; must satisfy <see cref="StkCallbackAddress"/>.</param>
    /// <exception cref="ArgumentException">One of these rules is broken; the message names no phone and no address.</exception>
    public StkPushOrder(string phone, decimal amount, string accountReference, string description, Uri callbackUrl)
    {
        if (!MpesaPhone.IsOne(phone))
            throw new ArgumentException("Not a Kenyan mobile number.", nameof(phone));
        if (!TakesAmount(amount))
            throw new ArgumentException($"Whole shillings from {LeastAmount} to {GreatestAmount} only.", nameof(amount));
        if (!TakesReference(accountReference))
            throw new ArgumentException($"1 to {LongestReference} letters and digits.", nameof(accountReference));
        if (description.Length > LongestDescription)
            throw new ArgumentException($"At most {LongestDescription} characters.", nameof(description));
        if (StkCallbackAddress.Objection(callbackUrl) is { } objection)
            throw new ArgumentException(objection, nameof(callbackUrl));

        Phone = phone.TrimStart('+');
        Amount = decimal.Truncate(amount);
        AccountReference = accountReference;
        Description = description;
        CallbackUrl = callbackUrl;
    }

    /// <summary>As Daraja wants it: 254 and nine digits.</summary>
    public string Phone { get; }

    public decimal Amount { get; }
    public string AccountReference { get; }
    public string Description { get; }
    public Uri CallbackUrl { get; }

    /// <param name="amount">In shillings.</param>
    public static bool TakesAmount(decimal amount) => amount is >= LeastAmount and <= GreatestAmount && amount == decimal.Truncate(amount);

    public static bool TakesReference(string text) => text.Length is > 0 and <= LongestReference && text.All(char.IsAsciiLetterOrDigit);

    public override string ToString() => $"KES {Amount} for {AccountReference}";
}
