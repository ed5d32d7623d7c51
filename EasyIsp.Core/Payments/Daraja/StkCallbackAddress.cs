namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The rules of the Daraja portal for callback addresses.</summary>
public static class StkCallbackAddress
{
    private static readonly string[] ForbiddenWords =
        ["mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query", "ngrok", "requestbin", "mockbin"];

    /// <returns>Why Daraja would refuse the address; null when it would not.</returns>
    /// <remarks>Plain http passes: the sandbox takes it, and only the account knows whether it is in production.</remarks>
    public static string? Objection(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            return "A callback address is an absolute http or https address.";

        var word = ForbiddenWords.FirstOrDefault(w => address.AbsoluteUri.Contains(w, StringComparison.OrdinalIgnoreCase));
        return word is null ? null : $"A callback address must not contain '{word}'.";
    }
}
