using System.Net.Mail;

namespace EasyIsp.Core.Shared;

/// <summary>An address that mail can be sent to, bare: no display name, no angle brackets.</summary>
public static class EmailAddress
{
    /// <summary>RFC 5321, 4.5.3.1.3, less its two brackets.</summary>
    public const int MaxLength = 254;

    /// <returns>Null when what was typed is none.</returns>
    public static string? Read(string? typed)
        => typed?.Trim() is { Length: > 0 and <= MaxLength } text && MailAddress.TryCreate(text, out var address) && address.Address == text
            ? text
            : null;
}
