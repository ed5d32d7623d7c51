using EasyIsp.Core.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Outbox;

/// <summary>Sends messages as soon as the database announces them, and looks by itself for those whose next try has come.</summary>
internal sealed partial class MessageWorker(
    MessageSender sender, ChangeFeed feed, TimeProvider clock, ILogger<MessageWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bell = new ChangeBell(feed, "messages", clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await sender.SendDueAsync(stoppingToken) > 0)
                {
                    // Until nothing is due.
                }

                await bell.WaitAsync(Pause, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending messages failed; trying again in a moment")]
    private partial void LogFailed(Exception exception);
}
