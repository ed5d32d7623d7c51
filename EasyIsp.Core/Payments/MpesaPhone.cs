using System.Text.RegularExpressions;

namespace EasyIsp.Core.Payments;

/// <summary>Whom M-Pesa in Kenya can ask and pay: a mobile number of the country (mpesa.md, 13).</summary>
public static partial class MpesaPhone
{
    /// <param name="phone">E.164, with or without the plus.</param>
    public static bool IsOne(string? phone) => phone is not null && Mobile().IsMatch(phone);

    [GeneratedRegex(@"^\+?254[17]\d{8}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Mobile();
}
