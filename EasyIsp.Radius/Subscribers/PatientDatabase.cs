using Microsoft.Extensions.Options;
using Npgsql;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// Asks the database what a login can do without: no longer than a router waits and, once it was away or silent, only one
/// login a second, so that those who get on by memory do not each find out anew.
/// </summary>
internal sealed partial class PatientDatabase(IOptions<RadiusOptions> options, TimeProvider clock, ILogger<PatientDatabase> logger)
{
    private static readonly TimeSpan PauseAfterSilence = TimeSpan.FromSeconds(1);

    /// <summary>In UTC ticks; 0 while it answers.</summary>
    private long _notBefore;

    /// <summary>It was away or silent just now: not worth asking.</summary>
    public bool IsSilent => Volatile.Read(ref _notBefore) is not 0 and var at && clock.GetUtcNow().UtcTicks < at;

    /// <returns>The answer, or <paramref name="otherwise"/> where none comes.</returns>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask, T otherwise, bool evenIfSilent = false)
    {
        if (IsSilent && !evenIfSilent)
            return otherwise;

        try
        {
            var answer = await ask().WaitAsync(options.Value.LoginPatience, clock);
            Volatile.Write(ref _notBefore, 0);
            return answer;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            LogWithoutDatabase(exception.Message);
            Volatile.Write(ref _notBefore, (clock.GetUtcNow() + PauseAfterSilence).UtcTicks);
            return otherwise;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away ({Reason}): customers get on by what is remembered of them")]
    private partial void LogWithoutDatabase(string reason);
}
