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
}

public static class Rails
{
    /// <summary>No provider tells of the money: staff write it down.</summary>
    public static bool IsCounter(this Rail rail) => rail is Rail.Cash or Rail.Cheque or Rail.Bank;
}
