using EasyIsp.Core.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Xunit;

namespace EasyIsp.Core.Tests.Hosting;

/// <summary>What the processes write, by the configuration that they write it with.</summary>
public sealed class LogsTests
{
    [Fact]
    public void The_path_of_a_request_is_on_no_line_since_a_callbacks_path_is_its_secret()
    {
        var lines = new Lines();
        using var serilog = new LoggerConfiguration().Quiet().WriteTo.Sink(lines).CreateLogger();
        using var provider = new SerilogLoggerProvider(serilog);
        var logger = provider.CreateLogger("EasyIsp.Portal");

        // As the host lays it around each request.
        using (logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = "0HN:1", ["RequestPath"] = "/pay/cb/account-key/attempt-key" }))
            logger.LogError("It could not be stored");

        var line = Assert.Single(lines.Events);
        Assert.Contains("RequestId", line.Properties.Keys);
        Assert.DoesNotContain(line.Properties.Values, value => $"{value}".Contains("key", StringComparison.Ordinal));
    }

    private sealed class Lines : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
