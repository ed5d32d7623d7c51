namespace EasyIsp.Emulators.Daraja;

/// <summary>Section 1 [D]: which addresses Safaricom takes for callbacks.</summary>
internal static class CallbackUrlRules
{
    private static readonly string[] Forbidden =
        ["mpesa", "m-pesa", "safaricom", "exe", "exec", "cmd", "sql", "query", "ngrok", "requestbin", "mockbin"];

    /// <returns>Null when it is refused.</returns>
    public static Uri? Read(string? text, DarajaEmulatorOptions options)
    {
        if (text is null || !Uri.TryCreate(text, UriKind.Absolute, out var address))
            return null;
        if (address.Scheme != Uri.UriSchemeHttps && (options.RequireHttpsCallbacks || address.Scheme != Uri.UriSchemeHttp))
            return null;
        if (Forbidden.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return null;

        // Uri lower-cases the host, so it is looked for in the text as it came.
        return options.RefuseUpperCaseHost && !text.Contains(address.Host, StringComparison.Ordinal) ? null : address;
    }
}
