namespace EasyIsp.Core.Payments.Paystack;

/// <summary>A business's way into Paystack. Printing it shows no secret.</summary>
internal sealed record PaystackCredentials(Uri BaseUrl, string SecretKey)
{
    public override string ToString() => $"Paystack at {BaseUrl.Host}";
}

/// <summary>Secret keys say of themselves what they are.</summary>
public static class PaystackKey
{
    private const string Live = "sk_live_";
    private const string Test = "sk_test_";

    /// <summary>Of a test key nothing is money.</summary>
    public static bool IsTest(string key) => key.StartsWith(Test, StringComparison.Ordinal);

    /// <summary>Not the public key (<c>pk_</c>), which is beside it in Paystack's settings.</summary>
    public static bool IsSecret(string key)
        => (IsTest(key) || key.StartsWith(Live, StringComparison.Ordinal)) && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
