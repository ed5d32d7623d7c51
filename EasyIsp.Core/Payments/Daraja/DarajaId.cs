namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The opaque names that Daraja gives to requests, orders and their outcomes, and the codes of these.</summary>
internal static class DarajaId
{
    public const int MaxLength = 64;

    /// <returns>Null for what is too long or not printable: it names nothing.</returns>
    public static string? Of(string? text) => text is { Length: > 0 and <= MaxLength } && text.All(c => c is > ' ' and <= '~') ? text : null;
}
