using System.Globalization;
using EasyIsp.Core.Shared;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>A home customer, who pays his month from his phone's menu.</summary>
/// <param name="Price">Of his package.</param>
/// <param name="Phone">E.164.</param>
internal sealed record HomePayer(long Number, string Phone, decimal Price)
{
    /// <summary>Most type their number and send the price; some send half, and some type what no customer is.</summary>
    public OwnPayment Pay(Random random)
    {
        var number = Number.ToString(CultureInfo.InvariantCulture);
        var account = random.Next(10) switch
        {
            0 => number + number[^1], // a key too often
            1 => random.Next(2) == 0 ? "INTERNET" : "WIFI JULY",
            2 => "0" + number, // matches all the same
            _ => number,
        };
        return new OwnPayment(account, random.Next(6) == 0 ? decimal.Ceiling(Price / 2) : Price, PhoneNumber.ToMsisdn(Phone));
    }
}

/// <param name="Account">As it was typed.</param>
internal sealed record OwnPayment(string Account, decimal Amount, string Msisdn);
