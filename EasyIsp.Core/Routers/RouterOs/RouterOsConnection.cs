using System.Collections.Concurrent;
using System.Globalization;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>
/// A signed-in API connection. Commands run side by side, told apart by their tags; one loop reads for all of them.
/// Once lost it stays lost: whoever needs the router again connects again.
/// </summary>
internal sealed class RouterOsConnection : IAsyncDisposable
{
    private static readonly TimeSpan PatienceWithQuit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, PendingCommand> _pending = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _oneWriter = new(1);
    private readonly CancellationTokenSource _lost = new();
    private readonly Stream _stream;
    private readonly SentenceReader _reader;
    private readonly TimeSpan _replyTimeout;
    private readonly TimeProvider _clock;
    private readonly Task _reading;
    private volatile string? _reasonLost;
    private int _lastTag;

    /// <param name="replyTimeout">The longest silence after a command; routers reboot without closing their connections.</param>
    public RouterOsConnection(Stream stream, SentenceReader reader, TimeSpan replyTimeout, TimeProvider clock)
    {
        (_stream, _reader, _replyTimeout, _clock) = (stream, reader, replyTimeout, clock);
        _reading = ReadRepliesAsync();
    }

    /// <summary>Cancelling stops the command on the router too, by <c>/cancel</c>.</summary>
    /// <exception cref="RouterOsException">Refused, or the connection is lost.</exception>
    public async Task<RouterOsResult> ExecuteAsync(RouterOsCommand command, CancellationToken cancellationToken)
    {
        var tag = NextTag();
        using var pending = new PendingCommand(
            _replyTimeout, _clock, () => Lose($"No reply to {command} within {_replyTimeout.TotalSeconds} s."));
        _pending[tag] = pending;
        try
        {
            await WriteAsync(command.Encode(tag), cancellationToken);
            return await pending.Completion.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await StopOnRouterAsync(tag);
            throw;
        }
        finally
        {
            _pending.TryRemove(tag, out _);
        }
    }

    /// <summary>Leaves with <c>/quit</c>, so that the router ends the session at once.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await WriteAsync(new RouterOsCommand("/quit").Encode(), CancellationToken.None);
            await _reading.WaitAsync(PatienceWithQuit, _clock);
        }
        catch (Exception e) when (e is RouterOsException or TimeoutException)
        {
            // Lost before, or silent: closing the socket is then all that can be done.
        }

        Lose("The connection was closed.");
        await _stream.DisposeAsync();
        await _reading;
        _oneWriter.Dispose();
        _lost.Dispose();
    }

    private string NextTag() => Interlocked.Increment(ref _lastTag).ToString(CultureInfo.InvariantCulture);

    private async Task WriteAsync(byte[] sentence, CancellationToken cancellationToken)
    {
        ThrowIfLost();
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            ThrowIfLost();
            // Not the caller's token: half a sentence would spoil the connection for everybody.
            await _stream.WriteAsync(sentence, _lost.Token);
            await _stream.FlushAsync(_lost.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Lose("The connection broke while writing.");
            ThrowIfLost();
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>The replies of both commands find nobody waiting and are dropped.</summary>
    private async Task StopOnRouterAsync(string tag)
    {
        try
        {
            await WriteAsync(new RouterOsCommand("/cancel").With("tag", tag).Encode(NextTag()), CancellationToken.None);
        }
        catch (RouterOsException)
        {
            // The connection is lost, and the command with it.
        }
    }

    private async Task ReadRepliesAsync()
    {
        try
        {
            while (await _reader.ReadAsync(_lost.Token) is { } sentence)
                Dispatch(RouterOsReply.Parse(sentence));

            Lose("The router closed the connection.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException)
        {
            Lose($"The connection broke: {e.Message}");
        }
    }

    private void Dispatch(RouterOsReply reply)
    {
        if (reply.Type == RouterOsReply.Fatal)
            Lose($"The router ended the connection: {reply.Reason}");
        else if (reply.Tag is { } tag && _pending.TryGetValue(tag, out var pending))
            pending.Take(reply);
    }

    private void Lose(string reason)
    {
        if (Interlocked.CompareExchange(ref _reasonLost, reason, null) is not null)
            return;

        _lost.Cancel();
        foreach (var pending in _pending.Values)
            pending.Fail(new RouterOsException(RouterOsFailure.ConnectionLost, reason));
    }

    private void ThrowIfLost()
    {
        if (_reasonLost is { } reason)
            throw new RouterOsException(RouterOsFailure.ConnectionLost, reason);
    }
}
