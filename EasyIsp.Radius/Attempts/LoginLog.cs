using System.Threading.Channels;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Attempts;

/// <summary>
/// Keeps what was decided of logins for staff to read: every refusal, and of those let in what
/// <see cref="AdmittedShare"/> allows. A login pays for it with a place in a queue; the rest is done in groups and off the
/// path of the packets. What finds no room or no database is counted and forgotten: a login never waits for its log.
/// </summary>
internal sealed partial class LoginLog(
    LoginLogStore store, LoginLogMetrics metrics, IOptions<RadiusOptions> options, TimeProvider clock, ILogger<LoginLog> logger)
    : BackgroundService
{
    /// <summary>Room for what comes while a group is written.</summary>
    private const int Capacity = 16_384;

    private const int GroupSize = 2_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly AdmittedShare _admitted = new(options.Value.LoggedAdmissionsPerSecond);
    private readonly LoginLines _lines = new();
    private readonly Channel<LoginEntry> _queue = Channel.CreateBounded<LoginEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>While the request is still there to be read.</summary>
    public void Note(Exchange exchange, LoginAttempt attempt, LoginOutcome outcome, bool isLimited)
    {
        var leftOut = 0;
        if (outcome.Refusal is null && !_admitted.TryTake(attempt.TenantId, exchange.ReceivedAt, out leftOut))
            return;

        var subject = new LoginSubject(
            attempt.TenantId, attempt.RouterId, LoggedName.Of(attempt, outcome), attempt.MacAddress, outcome.Refusal, isLimited);
        var entry = new LoginEntry(
            subject,
            outcome.Candidate?.Subscriber.CustomerId,
            WireText.Read(exchange.Request, AttributeType.NasPortId),
            attempt.AccessType,
            attempt.Method,
            exchange.ReceivedAt,
            exchange.Elapsed,
            leftOut);
        if (!_queue.Writer.TryWrite(entry))
            metrics.Overflown();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_lines.Changed < GroupSize && _queue.Reader.TryRead(out var entry))
            {
                metrics.LeftOut(entry.LeftOut);
                _lines.Enter(entry);
            }

            await WriteAsync(_lines.Take(clock.GetUtcNow()), stoppingToken);
            await Task.Delay(Interval, clock, stoppingToken);
        }
    }

    private async Task WriteAsync(LoginLine[] lines, CancellationToken cancellationToken)
    {
        var logins = lines.Sum(line => line.Times);
        try
        {
            await store.WriteAsync(lines, cancellationToken);
            metrics.Written(logins);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost loop: a log that fails must not stop the worker.
            LogLost(logins, exception.Message);
            metrics.Lost(logins);
        }
        finally
        {
            Array.ForEach(lines, line => line.Written());
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} logins are missing in the log: they could not be written ({Reason})")]
    private partial void LogLost(int count, string reason);
}
