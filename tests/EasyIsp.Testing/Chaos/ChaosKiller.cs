namespace EasyIsp.Testing.Chaos;

/// <summary>Kills Portal, Web and PostgreSQL by turns that are drawn, and starts each again a moment later.</summary>
internal sealed class ChaosKiller(ChaosTown town, int seed)
{
    private readonly Random _random = new(seed + 2);

    /// <summary>How often, by name.</summary>
    public Dictionary<string, int> Kills { get; } = [];

    /// <param name="count">Spread over the run; each of the three has its turn before one has its second.</param>
    /// <param name="progress">From 0 to 1.</param>
    public async Task KillAsync(int count, Func<double> progress, CancellationToken cancellationToken)
    {
        (string Name, Func<Task> Kill, Func<CancellationToken, Task> Start)[] victims =
        [
            ("Portal", town.Portal.KillAsync, town.Portal.StartAsync),
            ("Web", town.Web.KillAsync, town.Web.StartAsync),
            ("PostgreSQL", town.Cluster.KillAsync, town.Cluster.StartAsync),
        ];
        for (var kill = 0; kill < count; kill++)
        {
            if (kill % victims.Length == 0)
                _random.Shuffle(victims);
            var (name, killAsync, startAsync) = victims[kill % victims.Length];
            var at = (kill + 0.2 + (_random.NextDouble() * 0.6)) / count;
            while (progress() < at)
                await Task.Delay(20, cancellationToken);
            await killAsync();
            await Task.Delay(_random.Next(1_500), cancellationToken);
            await startAsync(cancellationToken);
            Kills[name] = Kills.GetValueOrDefault(name) + 1;
        }
    }
}
