using EasyIsp.Core.Persistence;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Trials;

/// <summary>Takes what staff ask of logins, of all tenants, and writes down what would be answered.</summary>
internal sealed partial class LoginTestWorker(
    LoginTestQueue queue,
    LoginTrials trials,
    NasDirectory directory,
    RadiusPorts ports,
    ChangeFeed feed,
    TimeProvider clock,
    ILogger<LoginTestWorker> logger)
    : QueueWorker(feed, "login_tests", Sweep, clock, logger)
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private string Name => ports.Endpoints is [var (_, endpoint), ..] ? $"{Environment.MachineName}, {endpoint}" : Environment.MachineName;

    protected override async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        if (!directory.IsLoaded)
            return false;

        var taken = await queue.TakeAsync(Name, cancellationToken);
        await Task.WhenAll(taken.Select(test => AnswerAsync(test, cancellationToken)));
        return taken.Count > 0;
    }

    private async Task AnswerAsync(TakenLoginTest taken, CancellationToken cancellationToken)
    {
        LoginTestResult result;
        try
        {
            result = await trials.RunAsync(taken, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The outermost catch of one test: the others go on, and whoever asked is told.
            LogFailed(exception, taken.Test.Id);
            result = LoginTestResult.NotTried(LoginTestAnswer.Failed);
        }

        await queue.AnswerAsync(taken.Test, result, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Login test {TestId} could not be run")]
    private partial void LogFailed(Exception exception, Guid testId);
}
