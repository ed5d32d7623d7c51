using System.Collections.Concurrent;
using EasyIsp.Core.Outbox.Sms;

namespace EasyIsp.Core.Tests.Outbox;

/// <summary>A gateway on paper: keeps what it was given, and answers what it was told to.</summary>
internal sealed class PaperGateway : ISmsGateway
{
    public ConcurrentQueue<(SmsCredentials Account, string Phone, string Text)> Sent { get; } = new();

    public SmsSendResult Answer { get; set; } = new SmsSendResult.Accepted("77001");

    public Task<SmsSendResult> SendAsync(SmsCredentials credentials, string phone, string text, CancellationToken cancellationToken)
    {
        if (!phone.StartsWith('+'))
            throw new ArgumentException("Not an E.164 number.", nameof(phone));
        Sent.Enqueue((credentials, phone, text));
        return Task.FromResult(Answer);
    }

    public Task<SmsBalanceResult> BalanceAsync(SmsCredentials credentials, CancellationToken cancellationToken)
        => Task.FromResult<SmsBalanceResult>(new SmsBalanceResult.Known(100));
}
