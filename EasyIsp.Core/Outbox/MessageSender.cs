using System.Security.Cryptography;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Outbox;

/// <summary>Sends what waits, by each tenant's own account, and keeps what came of it.</summary>
internal sealed partial class MessageSender(
    MessageQueue queue,
    PlatformDatabase database,
    SecretCodec codec,
    ISmsGateway gateway,
    TimeProvider clock,
    ILogger<MessageSender> logger)
{
    private const int BatchSize = 50;
    private const int AtOnce = 8;

    /// <returns>How many messages were tried.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var messages = await queue.TakeAsync(BatchSize, cancellationToken);
        if (messages.Count == 0)
            return 0;

        var accounts = await AccountsOfAsync(messages, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(messages, options, (message, token)
            => SendAsync(message, accounts.GetValueOrDefault(message.TenantId), token));
        return messages.Count;
    }

    private async ValueTask SendAsync(Message message, SmsAccount? account, CancellationToken cancellationToken)
    {
        var result = await TryAsync(message, account, cancellationToken);
        // Also when the process is to stop: an answer that is not kept means sending, and paying, twice.
        await queue.SettleAsync(message, sent => Settle(sent, result), CancellationToken.None);
        if (message.State == MessageState.Failed)
            LogGivenUp(message.Id, message.Tries, message.Failure);
    }

    /// <returns>The gateway's answer, or in the same terms why it was not asked.</returns>
    private async Task<SmsSendResult> TryAsync(Message message, SmsAccount? account, CancellationToken cancellationToken)
    {
        if (message.Channel != MessageChannel.Sms)
            return NotAsked("E-mail is not set up");
        if (account is null)
            return NotAsked("No SMS account is set up");

        try
        {
            var text = message.SecretText is { } secret ? codec.Reveal(message.TenantId, secret) : message.Text;
            return await gateway.SendAsync(account.Credentials(codec), message.Recipient, text, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            return NotAsked(exception.Message);
        }
        catch (CryptographicException)
        {
            return NotAsked("The SMS account's key, or the text, cannot be read; enter the key again");
        }
    }

    private void Settle(Message message, SmsSendResult result)
    {
        var now = clock.GetUtcNow();
        switch (result)
        {
            case SmsSendResult.Accepted accepted:
                message.Sent(accepted.ProviderMessageId, now);
                break;
            case SmsSendResult.Refused refused:
                message.Failed($"{refused.Text} ({refused.Code})".TrimStart(), MayPass(refused.RetryClass), now);
                break;
            case SmsSendResult.Unknown unknown:
                // It may have been sent: a receipt twice does no harm, an advertisement twice does.
                message.Failed(unknown.Reason, message.Class != MessageClass.Promotional, now);
                break;
            default:
                throw new InvalidOperationException($"No such result: {result.GetType().Name}.");
        }
    }

    /// <summary>Whether the same message may pass later without anybody changing its settings.</summary>
    private static bool MayPass(SmsRetryClass retryClass) => retryClass switch
    {
        SmsRetryClass.Throttled or SmsRetryClass.Transient or SmsRetryClass.Funds => true,
        _ => false,
    };

    private static SmsSendResult.Refused NotAsked(string reason) => new("not sent", reason, SmsRetryClass.Config);

    private async Task<Dictionary<Guid, SmsAccount>> AccountsOfAsync(IReadOnlyList<Message> messages, CancellationToken cancellationToken)
    {
        var tenants = messages.Select(message => message.TenantId).Distinct().ToArray();
        await using var db = await database.OpenAsync(cancellationToken);
        var accounts = await db.SmsAccounts
            .IgnoreQueryFilters([QueryFilters.Tenant])
            .Where(account => tenants.Contains(account.TenantId) && account.DisabledAt == null)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return accounts.GroupBy(account => account.TenantId).ToDictionary(group => group.Key, group => group.MaxBy(account => account.Id)!);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gave up message {MessageId} after {Tries} tries: {Reason}")]
    private partial void LogGivenUp(Guid messageId, int tries, string? reason);
}
