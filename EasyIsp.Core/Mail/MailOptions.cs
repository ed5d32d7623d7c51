using EasyIsp.Core.Shared;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Mail;

/// <summary>The <c>Mail</c> section: the server that takes our mail. Without a host nothing is mailed.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    public string? Host { get; init; }

    public int Port { get; init; } = 587;

    /// <summary>Null: the server takes our mail without.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>The address that mail comes from.</summary>
    public string? From { get; init; }

    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    public bool IsSet => !string.IsNullOrWhiteSpace(Host);
}

public enum MailSecurity
{
    /// <summary>Encrypted from the second command on, or not at all: a server that does not offer it gets no mail (RFC 3207).</summary>
    StartTls,

    /// <summary>Encrypted from the first byte (RFC 8314), usually on port 465.</summary>
    Tls,

    /// <summary>For a server on the same machine.</summary>
    None,
}

/// <summary>Checked at start: half a setting stops the process, not the first report.</summary>
internal sealed class MailOptionsValidator : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options) => options switch
    {
        { IsSet: false } => ValidateOptionsResult.Success,
        { Port: < 1 or > 65535 } => ValidateOptionsResult.Fail("Mail:Port is 1 to 65535."),
        _ when EmailAddress.Read(options.From) is null => ValidateOptionsResult.Fail("Mail:From must be an address, as reports@isp.example."),
        { User: not null, Password: null or "" } => ValidateOptionsResult.Fail("Mail:User needs Mail:Password."),
        { User: not null, Security: MailSecurity.None } => ValidateOptionsResult.Fail("Mail:Password would go unencrypted: Mail:Security must be StartTls or Tls."),
        _ => ValidateOptionsResult.Success,
    };
}
