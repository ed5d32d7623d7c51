using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace EasyIsp.Web.Api.Events;

/// <summary>
/// Writes one stream to its client. Written by hand, since ASP.NET Core's own result knows neither the comments that keep a
/// quiet stream alive nor an end for a client that does not read.
/// </summary>
internal sealed class EventSender(EventReader reader, EventMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>What is longer ago is not told any more.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(6);

    /// <summary>More is read from the lists.</summary>
    private const int MostCaughtUp = 5_000;

    /// <summary>Proxies close what is silent for a minute.</summary>
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    private static readonly byte[] Greeting = Encoding.UTF8.GetBytes(": EasyISP\nretry: 2000\n\n");

    /// <param name="cursor">From where the client wants to read on; null begins with what happens now.</param>
    public async Task SendAsync(HttpContext context, TenantFeed feed, EventStream stream, TokenWatch watch, DateTimeOffset? cursor)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping, stream.Cut, watch.Over);
        Begin(context.Response);
        metrics.Opened();
        try
        {
            await watch.AskAsync();
            await WriteAsync(context, Greeting, ending.Token);
            var told = cursor is { } since ? await CatchUpAsync(context, stream, since, ending.Token) : [];
            await WriteAsync(context, ApiEvent.Beat(feed.HeardUntil), ending.Token);
            await GoOnAsync(context, feed, stream, watch, told, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // What is on its way to a client that does not read would be waited for without end.
            if (stream.Cut.IsCancellationRequested)
                context.Abort();
        }
        finally
        {
            metrics.Closed();
        }
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold events back
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <returns>Ids of what was told, which the feed may offer once more.</returns>
    private async Task<HashSet<string>> CatchUpAsync(HttpContext context, EventStream stream, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var batch = since < now - Memory
            ? new EventBatch([], now, IsTooMuch: true)
            : await reader.ReadAsync(since - TenantFeed.LongLookback, begunSince: null, MostCaughtUp, _ => false, cancellationToken);
        if (batch.IsTooMuch)
        {
            await WriteAsync(context, ApiEvent.Reset(batch.ReadAt), cancellationToken);
            return [];
        }

        foreach (var missed in batch.Events.Where(stream.Wants))
        {
            await WriteAsync(context, missed.Frame, cancellationToken);
            metrics.Sent(missed.Type);
        }

        return [.. batch.Events.Select(missed => missed.Id)];
    }

    private async Task GoOnAsync(
        HttpContext context, TenantFeed feed, EventStream stream, TokenWatch watch, HashSet<string> told, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (stream.Events.TryRead(out var next))
            {
                if (next.Id is { } id && told.Remove(id))
                    continue;

                await WriteAsync(context, next.Frame, cancellationToken);
                metrics.Sent(next.Type);
            }

            if (await SomethingComesAsync(stream, watch, cancellationToken))
                continue;

            await watch.AskAsync();
            cancellationToken.ThrowIfCancellationRequested();
            // In this order: what was offered before is then among what waits.
            var heardUntil = feed.HeardUntil;
            if (stream.Events.Count == 0)
                await WriteAsync(context, ApiEvent.Beat(heardUntil), cancellationToken);
        }
    }

    /// <returns>False when it is time for a beat, or the token's time is over.</returns>
    private async Task<bool> SomethingComesAsync(EventStream stream, TokenWatch watch, CancellationToken cancellationToken)
    {
        var left = watch.ExpiresAt - clock.GetUtcNow();
        var patience = left < BeatEvery ? left.Value : BeatEvery;
        if (patience <= TimeSpan.Zero)
            return false;

        using var beat = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            return await stream.Events.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] bytes, CancellationToken cancellationToken)
        => await context.Response.BodyWriter.WriteAsync(bytes, cancellationToken);
}
