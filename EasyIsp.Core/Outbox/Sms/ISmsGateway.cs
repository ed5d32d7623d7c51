namespace EasyIsp.Core.Outbox.Sms;

/// <summary>The way to an SMS provider. Network trouble is an answer here, never an exception.</summary>
public interface ISmsGateway
{
    /// <param name="phone">E.164, with or without the plus.</param>
    /// <exception cref="ArgumentException">The phone is not E.164 or the text is empty; nothing was sent.</exception>
    Task<SmsSendResult> SendAsync(SmsCredentials credentials, string phone, string text, CancellationToken cancellationToken);

    Task<SmsBalanceResult> BalanceAsync(SmsCredentials credentials, CancellationToken cancellationToken);
}
