using System.Security.Cryptography;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments;

/// <summary>
/// The account reference of one prompt: the customer's number and letters of its own, <c>1042KXRTB</c>. A confirmation
/// repeats it (mpesa.md, 4.3), so it is evidence for the request; and the payer sees his number in it.
/// </summary>
internal static class PromptReference
{
    /// <summary>Of Daraja's AccountReference (mpesa.md, 3.1).</summary>
    public const int MaxLength = 12;

    private const int LetterCount = 5;

    /// <summary>Without vowels: they would make words.</summary>
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    /// <summary>Of a customer who was never asked: it is his alone by its number.</summary>
    public static string Draw(long customerNumber)
    {
        var number = $"{customerNumber}";
        return number + RandomNumberGenerator.GetString(Letters, Math.Min(LetterCount, MaxLength - number.Length));
    }

    /// <summary>Participant: a reference that no request has. The caller holds the customer's lock.</summary>
    public static async Task<string> NewAsync(IspDbContext db, long customerNumber, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reference = Draw(customerNumber);
            if (!await db.PaymentRequests.AnyAsync(r => r.Reference == reference, cancellationToken))
                return reference;
        }
    }
}
