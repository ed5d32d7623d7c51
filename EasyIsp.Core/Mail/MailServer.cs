using System.Net.Sockets;
using System.Text;
using EasyIsp.Core.Shared;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Text;

namespace EasyIsp.Core.Mail;

/// <summary>The server that takes our mail (RFC 5321).</summary>
public sealed class MailServer(IOptions<MailOptions> options)
{
    /// <summary>For the whole of a conversation: who is slower is asked again later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public bool IsSet => options.Value.IsSet;

    /// <summary>One message to all: when one of them is refused nobody gets it, and it can be sent again.</summary>
    /// <returns>Null when the server took it; else why not, in the server's words.</returns>
    public async Task<string?> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (options.Value is not { Host: { Length: > 0 } host, From: { } from } settings)
            return "No mail server is set up.";

        using var message = MessageOf(mail, from);
        using var client = new SmtpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var isTaken = false;
        try
        {
            await client.ConnectAsync(host, settings.Port, EncryptionOf(settings.Security), patience.Token);
            if (settings is { User: { } user, Password: { } password })
                await client.AuthenticateAsync(user, password, patience.Token);
            await client.SendAsync(message, patience.Token);
            isTaken = true;
            await client.DisconnectAsync(quit: true, patience.Token);
            return null;
        }
        catch (Exception exception) when (ReasonOf(exception, cancellationToken) is { } reason)
        {
            // What the server took is sent, however it said goodbye.
            return isTaken ? null : reason.Truncate(300);
        }
    }

    /// <returns>Null for what the server is not to blame for.</returns>
    private static string? ReasonOf(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        SmtpCommandException { Mailbox: { } mailbox } refused => $"The server refuses {mailbox.Address}: {(int)refused.StatusCode} {refused.Message}",
        SmtpCommandException refused => $"The server refuses it: {(int)refused.StatusCode} {refused.Message}",
        AuthenticationException => "The server refuses user or password.",
        SslHandshakeException => "The server's certificate is not trusted.",
        NotSupportedException => "The server offers no encryption, or no way to sign in.",
        SocketException or IOException or SmtpProtocolException => $"The server was not reached: {exception.Message}",
        OperationCanceledException when !cancellationToken.IsCancellationRequested => "The server did not answer in time.",
        _ => null,
    };

    private static SecureSocketOptions EncryptionOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    private static MimeMessage MessageOf(OutgoingMail mail, string from)
    {
        var message = new MimeMessage { Subject = mail.Subject, Date = mail.At, MessageId = $"{mail.Key}@{from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]}" };
        message.From.Add(new MailboxAddress("EasyISP", from));
        message.To.AddRange(mail.To.Select(address => new MailboxAddress(null, address)));
        var body = new Multipart("mixed") { new TextPart(TextFormat.Plain) { Text = mail.Text } };
        foreach (var file in mail.Files)
        {
            body.Add(new MimePart("text", "csv")
            {
                Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(file.Text))),
                ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
                ContentTransferEncoding = ContentEncoding.Base64,
                FileName = file.Name,
            });
        }

        message.Body = body;
        return message;
    }
}

/// <param name="Key">Of the same mail the same, so that who gets it twice can tell.</param>
/// <param name="Files">CSV.</param>
public sealed record OutgoingMail(
    string Key, IReadOnlyList<string> To, string Subject, string Text, IReadOnlyList<MailedFile> Files, DateTimeOffset At);

public sealed record MailedFile(string Name, string Text);

public static class MailFeature
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddOptions<ConsoleOptions>().BindConfiguration(ConsoleOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>()
            .AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>()
            .AddSingleton<MailServer>();
    }
}
