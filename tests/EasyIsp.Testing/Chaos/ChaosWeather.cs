using System.Text;
using EasyIsp.Emulators.Daraja;

namespace EasyIsp.Testing.Chaos;

/// <summary>What goes wrong between Safaricom and us, and who would like to be credited for nothing.</summary>
internal sealed class ChaosWeather(ChaosTown town, int seed)
{
    private readonly Random _random = new(seed + 1);
    private readonly Lock _gate = new();

    /// <summary>Later than this after its settlement nothing comes any more.</summary>
    public static TimeSpan Latest { get; } = TimeSpan.FromSeconds(12);

    public void Begin()
    {
        var daraja = town.Provider.Daraja;
        daraja.CallbackPlan = _ => Plan();
        daraja.ConfirmationPlan = _ => Plan();
        // Longer than a payer needs: the callback is there before the answer to the submission.
        daraja.AnswerDelay = _ => Draw(400) == 0 ? TimeSpan.FromSeconds(8) : TimeSpan.Zero;
    }

    /// <summary>Pages instead of answers, codes as text, connections that break; by turns, and forgeries between.</summary>
    public async Task ChangeAsync(CancellationToken cancellationToken)
    {
        using var forger = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var options = town.Provider.Daraja.Options;
        DarajaFault[] faults = [DarajaFault.HtmlPage, DarajaFault.HtmlForbidden, DarajaFault.Unavailable, DarajaFault.ConnectionReset];
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1_000 + Draw(2_000)), cancellationToken);
                options.CallbackCodeAsString = Draw(2) == 0;
                options.QueryCodeAsNumber = Draw(2) == 0;
                options.QueryFault = faults[Draw(faults.Length)];
                options.PushFault = Draw(4) == 0 ? faults[Draw(faults.Length)] : DarajaFault.None;
                await ForgeAsync(forger, cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(200 + Draw(600)), cancellationToken);
                (options.QueryFault, options.PushFault) = (DarajaFault.None, DarajaFault.None);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            (options.QueryFault, options.PushFault) = (DarajaFault.None, DarajaFault.None);
        }
    }

    /// <summary>One in eight is lost; others are doubled, late, or late and doubled, so that they change their order.</summary>
    private TimeSpan[] Plan() => Draw(24) switch
    {
        < 3 => [],
        < 6 => [TimeSpan.Zero, TimeSpan.FromMilliseconds(Draw(3_000))],
        < 9 => [TimeSpan.FromMilliseconds(Draw(8_000)), TimeSpan.FromMilliseconds(Draw(8_000)), TimeSpan.Zero],
        < 11 => [TimeSpan.FromSeconds(5 + Draw(6))],
        _ => [TimeSpan.FromMilliseconds(Draw(300))],
    };

    /// <summary>Somebody who has learnt a callback address tries to be credited, and a broken edge posts a page.</summary>
    private async Task ForgeAsync(HttpClient forger, CancellationToken cancellationToken)
    {
        if (town.Provider.Daraja.Prompts.LastOrDefault(prompt => prompt.ResultCode is not null) is not { } prompt)
            return;

        var address = prompt.Request.CallbackUrl;
        var truth = town.Provider.Daraja.Callbacks.BodyOf(prompt).ToJsonString();
        await PostAsync(forger, address, truth.Replace(prompt.CheckoutRequestId, "ws_CO_forged", StringComparison.Ordinal), cancellationToken);
        await PostAsync(forger, new Uri(address.AbsoluteUri[..^6] + "000000"), truth, cancellationToken);
        await PostAsync(forger, address, "<html><body>Incapsula incident</body></html>", cancellationToken);
    }

    private static async Task PostAsync(HttpClient forger, Uri address, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        try
        {
            using var answer = await forger.PostAsync(address, content, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            // The portal is away, or waits for its database: to forgers too.
        }
    }

    private int Draw(int below)
    {
        lock (_gate)
            return _random.Next(below);
    }
}
