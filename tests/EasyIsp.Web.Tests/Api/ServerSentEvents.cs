using System.Net;
using System.Text.Json;
using Xunit;

namespace EasyIsp.Web.Tests.Api;

internal sealed record ServerSentEvent(string Id, string Type, JsonElement Data)
{
    public Guid SubjectId => Data.GetProperty("id").GetGuid();
}

/// <summary>Reads an event stream as a browser does; what takes longer than five seconds fails.</summary>
internal sealed class ServerSentEvents : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _reader;

    private ServerSentEvents(HttpResponseMessage answer, StreamReader reader) => (_answer, _reader) = (answer, reader);

    public static async Task<ServerSentEvents> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return new ServerSentEvents(answer, new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    public async Task<ServerSentEvent> NextAsync()
        => await FindAsync() ?? throw new InvalidOperationException("The stream has ended.");

    /// <summary>Reads until the server ends the stream.</summary>
    public async Task EndAsync()
    {
        while (await FindAsync() is not null)
        {
            // What was on its way.
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ServerSentEvent?> FindAsync()
    {
        var (id, type, data) = ("", "", "");
        while (await LineAsync() is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["id", var text]: id = text; break;
                case ["event", var text]: type = text; break;
                case ["data", var text]: data = text; break;
                case [""] when data.Length > 0: return new ServerSentEvent(id, type, JsonDocument.Parse(data).RootElement);
            }
        }

        return null;
    }

    private async Task<string?> LineAsync()
        => await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
}
