using Serilog.Core;
using Serilog.Events;

namespace EasyIsp.Core.Shared.Hosting;

/// <summary>
/// Takes the request's path off a log line: a callback's path is the secret by which it is believed. Enrichers of the
/// logging configuration come after the scopes of the request.
/// </summary>
internal sealed class PathOff : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("RequestPath");
}
