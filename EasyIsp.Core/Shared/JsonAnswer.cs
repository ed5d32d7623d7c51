using System.Net;
using System.Text.Json;

namespace EasyIsp.Core.Shared;

/// <summary>
/// What an HTTP API answered. <see cref="Body"/> is null when it was no JSON object: overloaded gateways answer
/// with HTML pages, some of them under status 200.
/// </summary>
internal sealed record JsonAnswer(HttpStatusCode Status, JsonElement? Body)
{
    public static async Task<JsonAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        LooseJson.TryReadObject(bytes, out var body);
        return new JsonAnswer(response.StatusCode, body);
    }

    public string? Text(string name) => Body?.Text(name);

    public override string ToString()
        => Body is null ? $"HTTP {(int)Status} without JSON" : $"HTTP {(int)Status} with JSON";
}
