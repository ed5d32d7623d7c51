namespace EasyIsp.Core.Payments;

/// <summary>The way that money comes in by.</summary>
public enum Rail
{
    Mpesa,

    /// <summary>Notes and coins, into staff's hands.</summary>
    Cash,
    Cheque,

    /// <summary>Paid in or sent to a bank account, and told by its slip or statement.</summary>
    Bank,

    /// <summary>M-Pesa prompts through Paystack, which settles to the company's bank account.</summary>
    Paystack,
}

public static class Rails
{
    /// <summary>No provider tells of the money: staff write it down.</summary>
    public static bool IsCounter(this Rail rail) => rail is Rail.Cash or Rail.Cheque or Rail.Bank;

    /// <summary>As people and the books call it.</summary>
    public static string Label(this Rail rail) => rail == Rail.Mpesa ? "M-Pesa" : rail.ToString();
}
