using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Persistence;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments;

/// <summary>Sends prompts the moment they are asked for.</summary>
internal sealed class PromptWorker(PromptSender sender, ChangeFeed feed, TimeProvider clock, ILogger<PromptWorker> logger)
    : QueueWorker(feed, "payment_requests", TimeSpan.FromSeconds(2), clock, logger)
{
    /// <summary>Each payment announces changes: what nobody sent is not looked for at every one.</summary>
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock = clock;
    private long? _swept;

    /// <summary>What is on its way to the provider is waited for: its answer names the prompt.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await sender.EndAsync(cancellationToken);
    }

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        if ((await sender.BeginDueAsync(cancellationToken)).Count > 0)
            return true;
        if (_swept is { } swept && _clock.GetElapsedTime(swept) < BetweenSweeps)
            return false;

        _swept = _clock.GetTimestamp();
        await sender.SweepAsync(cancellationToken);
        return false;
    }
}

/// <summary>Reads callbacks the moment they are stored.</summary>
internal sealed class CallbackWorker(CallbackQueue queue, ChangeFeed feed, TimeProvider clock, ILogger<CallbackWorker> logger)
    : QueueWorker(feed, "provider_messages", BetweenSweeps, clock, logger)
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(2);

    /// <summary>What is older waits for a sweep: longer than a message takes from its arrival to its commit.</summary>
    private static readonly TimeSpan New = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = clock;
    private long? _swept;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        if (_swept is { } swept && _clock.GetElapsedTime(swept) < BetweenSweeps)
        {
            await queue.ReadSinceAsync(_clock.GetUtcNow() - New, cancellationToken);
            return false;
        }

        _swept = _clock.GetTimestamp();
        await queue.ReadWaitingAsync(cancellationToken);
        return false;
    }
}

/// <summary>Sends orders to the provider the moment they are written.</summary>
internal sealed class OrderWorker(OrderSender sender, ChangeFeed feed, TimeProvider clock, ILogger<OrderWorker> logger)
    : QueueWorker(feed, "provider_orders", TimeSpan.FromSeconds(5), clock, logger)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        if (await sender.SendDueAsync(cancellationToken) > 0)
            return true;
        await sender.SweepAsync(cancellationToken);
        return false;
    }
}
