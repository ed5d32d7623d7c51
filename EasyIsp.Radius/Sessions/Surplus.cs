using EasyIsp.Core.Orders;
using EasyIsp.Core.Persistence;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Ends what a customer has online beyond his places: the session that is pushed out, or one of two that two workers let
/// in at the same moment. Which one does not depend on who looks, and a session is ordered to end once.
/// </summary>
internal sealed partial class Surplus(
    Places places,
    PlacesReader reader,
    PlatformDatabase database,
    Disconnecting disconnecting,
    TimeProvider clock,
    ILogger<Surplus> logger) : BackgroundService
{
    public const string Reason = "another device";

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var found in places.Crowded.ReadAllAsync(stoppingToken))
        {
            try
            {
                await EndAsync(found, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The outermost loop: nobody else may come to say again that this customer has one too many.
                LogNotEnded(found.CustomerId, exception.GetBaseException().Message);
                await Task.Delay(PauseAfterFailure, clock, stoppingToken);
                places.TellAgain(found);
            }
        }
    }

    private async Task EndAsync(Crowd crowd, CancellationToken cancellationToken)
    {
        var living = await reader.CorrectAsync(crowd.CustomerId, cancellationToken);
        var tooMany = living.Count - crowd.Limit.Count;
        if (tooMany <= 0)
            return;

        var leaving = crowd.Limit.PushesOut ? living.Take(tooMany) : living.TakeLast(tooMany);
        await using var db = await database.OpenAsync(cancellationToken);
        var placed = await disconnecting.DisconnectAsync(db, [.. leaving], Reason, cancellationToken);
        await db.CommitAsync(cancellationToken);
        LogEnded(crowd.CustomerId, living.Count, crowd.Limit.Count, placed.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Customer {CustomerId} had {Online} sessions and may have {Allowed}: {Ending} are to end")]
    private partial void LogEnded(Guid customerId, int online, int allowed, int ending);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What customer {CustomerId} has online beyond his places was not ended ({Reason}); trying again in a second")]
    private partial void LogNotEnded(Guid customerId, string reason);
}

/// <summary>A customer with more sessions than places, as far as the memory knows.</summary>
internal readonly record struct Crowd(Guid CustomerId, PlaceLimit Limit);
