using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Emulators.Routers.Radius;

namespace EasyIsp.Emulators.Routers.Api;

/// <summary>One connection: sign-in, then commands side by side by their tags (mikrotik.md 1.3 to 1.5).</summary>
internal sealed class ApiConversation(
    Stream stream, EmulatedRouterOptions options, RouterFaults faults, ApiMenus menus, TimeProvider clock) : IAsyncDisposable
{
    private const int Interrupted = 2;
    private const string WrongPassword = "invalid user name or password (6)";

    private readonly SemaphoreSlim _oneWriter = new(1);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly BackgroundWork _commands = new();
    private byte[] _challenge = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await ApiWire.ReadSentenceAsync(stream, cancellationToken) is { } sentence)
        {
            var request = ApiRequest.Parse(sentence);
            if (request.Command != "/login")
            {
                // The text before a sign-in is [K].
                await SayAsync(request, cancellationToken, "!fatal", "not logged in");
                return;
            }

            if (await LoginAsync(request, cancellationToken) is { } signedIn)
            {
                if (signedIn)
                    await ServeAsync(cancellationToken);
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _commands.DisposeAsync();
        _oneWriter.Dispose();
    }

    /// <returns>Null while the dialogue goes on; a refusal ends the connection here, which real routers may or may not do (1.4).</returns>
    private async Task<bool?> LoginAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (options.Version.WantsLegacyLogin && request["response"] is null)
        {
            // Old routers do not look at the modern attributes: they answer with a challenge.
            _challenge = RandomNumberGenerator.GetBytes(16);
            await SayAsync(request, cancellationToken, "!done", $"=ret={Convert.ToHexStringLower(_challenge)}");
            return null;
        }

        if (request["name"] == options.ApiUser && KnowsPassword(request) && options.ApiPolicies.Contains("api"))
        {
            await SayAsync(request, cancellationToken, "!done");
            return true;
        }

        await SayAsync(request, cancellationToken, "!trap", $"=message={WrongPassword}");
        await SayAsync(request, cancellationToken, "!done");
        return false;
    }

    private bool KnowsPassword(ApiRequest request)
    {
        if (!options.Version.WantsLegacyLogin)
            return request["password"] == options.ApiPassword;

        byte[] input = [0, .. Encoding.UTF8.GetBytes(options.ApiPassword), .. _challenge];
        return request["response"] == $"00{Convert.ToHexStringLower(Digest.Md5(input))}";
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        while (await ApiWire.ReadSentenceAsync(stream, cancellationToken) is { } sentence)
        {
            var request = ApiRequest.Parse(sentence);
            switch (request.Command)
            {
                case "/quit":
                    await SayAsync(request with { Tag = null }, cancellationToken, "!fatal", "session terminated on request");
                    return;
                case "/cancel":
                    Cancel(request["tag"]);
                    await SayAsync(request, cancellationToken, "!done");
                    break;
                // Without a tag replies can't be told apart: one at a time.
                case var _ when request.Tag is null:
                    await RunAsync(request, cancellationToken);
                    break;
                default:
                    _commands.Track(RunAsync(request, _commands.Ending));
                    break;
            }
        }
    }

    /// <summary>Without a tag everything that runs is cancelled.</summary>
    private void Cancel(string? tag)
    {
        foreach (var (_, command) in _running.Where(entry => tag is null || entry.Key == tag))
            command.Cancel();
    }

    private async Task RunAsync(ApiRequest request, CancellationToken ending)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(ending);
        _running[request.Tag ?? ""] = cancelled;
        try
        {
            if (faults.ApiDelay > TimeSpan.Zero)
                await Task.Delay(faults.ApiDelay, clock, cancelled.Token);
            if (!request.Command.StartsWith('/') || request.Command.LastIndexOf('/') == 0)
                throw new ApiTrapException("no such command", category: 0);

            await AnswerAsync(request, await menus.ExecuteAsync(request, options.ApiPolicies, cancelled.Token), ending);
        }
        catch (ApiTrapException trap)
        {
            await RefuseAsync(request, trap, ending);
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            await RefuseAsync(request, new ApiTrapException("interrupted", Interrupted), ending);
        }
        finally
        {
            _running.TryRemove(request.Tag ?? "", out _);
        }
    }

    private async Task AnswerAsync(ApiRequest request, ApiResult result, CancellationToken ending)
    {
        foreach (var row in result.Rows ?? [])
            await SayAsync(request, ending, ["!re", .. row.Select(cell => $"={cell.Key}={cell.Value}")]);
        if (result.Rows is { Count: 0 } && options.Version.SaysEmpty)
            await SayAsync(request, ending, "!empty");

        await SayAsync(request, ending, result.Value is { } value ? ["!done", $"=ret={value}"] : ["!done"]);
    }

    private async Task RefuseAsync(ApiRequest request, ApiTrapException trap, CancellationToken ending)
    {
        string[] category = trap.Category is { } number ? [$"=category={number}"] : [];
        await SayAsync(request, ending, ["!trap", .. category, $"=message={trap.Message}"]);
        await SayAsync(request, ending, "!done");
    }

    private async Task SayAsync(ApiRequest request, CancellationToken cancellationToken, params string[] words)
    {
        var sentence = ApiWire.Encode(request.Tag is { } tag ? [.. words, $".tag={tag}"] : words);
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(sentence, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        finally
        {
            _oneWriter.Release();
        }
    }
}
