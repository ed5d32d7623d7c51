using System.Globalization;
using EasyIsp.Emulators.Daraja;

namespace EasyIsp.Emulators.Forwarding;

/// <summary>What M-Pesa writes to the owner of a short code (mpesa.md, 16.1), as carelessly spaced as it does.</summary>
public static class OwnersSms
{
    public const string Sender = "MPESA";

    private static readonly TimeSpan EastAfrica = TimeSpan.FromHours(3);

    /// <param name="isTill">At a till nobody types an account.</param>
    public static string Of(DarajaStatementLine line, bool isTill, decimal balance)
    {
        var when = line.SettledAt.ToOffset(EastAfrica).ToString("'on' d/M/yy 'at' h:mm tt", CultureInfo.InvariantCulture);
        return isTill
            ? string.Create(CultureInfo.InvariantCulture, $"{line.Receipt} Confirmed.{when}Ksh{line.Amount:#,0.00} received from {Masked(line.Msisdn)} JANE WANJIKU. New Account balance is Ksh{balance:#,0.00}. Transaction cost, Ksh0.00.")
            : string.Create(CultureInfo.InvariantCulture, $"{line.Receipt} Confirmed. {when} Ksh{line.Amount:#,0.00} received from JANE WANJIKU {Masked(line.Msisdn)}.  Account Number {line.AccountReference} New Utility balance is Ksh{balance:#,0.00}");
    }

    private static string Masked(string msisdn) => $"{msisdn[..4]}******{msisdn[^2..]}";
}
