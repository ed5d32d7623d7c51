using EasyIsp.Emulators.Daraja;
using Microsoft.Extensions.Options;

namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>Home customers who pay by themselves while the demonstration runs, now and then with a wrong account.</summary>
internal sealed partial class HomePayers(
    DarajaC2b mpesa, IOptions<HomePayersOptions> options, TimeProvider clock, ILogger<HomePayers> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (homes, pause) = (options.Value.Homes, options.Value.MeanPause);
        var random = new Random(options.Value.Seed);
        try
        {
            while (homes.Count > 0 && pause > TimeSpan.Zero)
            {
                await Task.Delay(Taste.About(pause, random), clock, stoppingToken);
                await PayAsync(homes[random.Next(homes.Count)].Pay(random), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The demonstration ends.
        }
    }

    private async Task PayAsync(OwnPayment own, CancellationToken cancellationToken)
    {
        if (await mpesa.PayAsync(DemoCatalogue.ShortCode, own.Msisdn, own.Amount, own.Account, cancellationToken) is null)
            LogTurnedAway(own.Amount, own.Account);
    }

    [LoggerMessage(LogLevel.Information, "A payment of {Amount} to account {Account} was turned away")]
    private partial void LogTurnedAway(decimal amount, string account);
}

/// <summary>Section <c>HomePayers</c> of the configuration; who they are is read from the database.</summary>
internal sealed class HomePayersOptions
{
    public const string Section = "HomePayers";

    public IList<HomePayer> Homes { get; init; } = [];

    /// <summary>As the shoppers': drawn between two thirds and four thirds of it; 0: nobody pays by himself.</summary>
    public TimeSpan MeanPause { get; set; } = TimeSpan.FromMinutes(3);

    public int Seed { get; set; } = 1;
}
