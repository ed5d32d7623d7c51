using System.Threading.Channels;
using EasyIsp.Core.Orders;

namespace EasyIsp.Radius.Orders;

/// <summary>
/// Writes what came of orders, as many together as have gathered while the ones before were written. What cannot be
/// written is forgotten: the lease runs out, and the order is carried out again.
/// </summary>
internal sealed partial class OrderReports(OrderQueue orders, OrderMetrics metrics, ILogger<OrderReports> logger) : BackgroundService
{
    private const int AtOnce = 500;

    private readonly Channel<OrderResult> _results = Channel.CreateUnbounded<OrderResult>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(NetworkOrder order, OrderReport report)
    {
        metrics.Reported(order, report);
        _results.Writer.TryWrite(OrderResult.Of(order, report));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<OrderResult>(AtOnce);
        while (await _results.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < AtOnce && _results.Reader.TryRead(out var result))
                batch.Add(result);
            await WriteAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<OrderResult> batch, CancellationToken cancellationToken)
    {
        try
        {
            await orders.ReportAsync(batch, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost catch: EF wraps a lost connection in its own way.
            LogNotWritten(exception, batch.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What came of {Count} orders could not be written; they are carried out again")]
    private partial void LogNotWritten(Exception exception, int count);
}
