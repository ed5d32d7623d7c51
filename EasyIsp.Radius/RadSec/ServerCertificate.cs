using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Radius.Listen;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.RadSec;

/// <summary>
/// The certificate that this worker shows: issued by the platform's authority when the worker starts, kept in memory
/// alone, and replaced long before its end. Connections that run are left alone by that.
/// </summary>
internal sealed partial class ServerCertificate(
    CertificateAuthority authority,
    IOptions<RadiusOptions> radius,
    IOptions<RadSecOptions> options,
    TimeProvider clock,
    ILogger<ServerCertificate> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    private volatile Shown? _shown;

    /// <summary>Null until the authority could be read.</summary>
    public SslStreamCertificateContext? Context => _shown?.Context;

    /// <summary>Whom both ends trust.</summary>
    public X509Certificate2? Authority => _shown?.Authority;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(options.Value.Port is null || _shown is not null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("RadSec has no certificate yet: the platform's authority could not be read."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Port is null)
            return;

        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var isRenewed = _shown?.RenewAt > clock.GetUtcNow() || TryRenew();
            await Task.Delay(isRenewed ? LookEvery : PauseAfterFailure, clock, stoppingToken);
        }
    }

    private bool TryRenew()
    {
        try
        {
            var certificate = authority.IssueForServer(Names(), options.Value.CertificateLifetime);
            var root = authority.Certificate;
            var trust = SslCertificateTrust.CreateForX509Collection([root], sendTrustInHandshake: true);
            var shown = new Shown(
                SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true, trust),
                root,
                clock.GetUtcNow() + options.Value.CertificateLifetime * 2 / 3);
            _shown = shown;
            LogShown(certificate.SerialNumber, certificate.NotAfter);
            return true;
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or InvalidOperationException or CryptographicException)
        {
            // What is shown stays good; where there is none yet, connections are refused meanwhile.
            LogNotIssued(exception.GetBaseException().Message);
            return false;
        }
    }

    private IReadOnlyList<string> Names() => options.Value.NamesList is { Count: > 0 } named
        ? named
        : [.. ListenAddress.Expand(options.Value.Address is { } own ? System.Net.IPAddress.Parse(own) : radius.Value.IPAddress).Select(address => address.ToString())];

    [LoggerMessage(Level = LogLevel.Information, Message = "RadSec shows certificate {SerialNumber}, good until {Until:u}")]
    private partial void LogShown(string serialNumber, DateTime until);

    [LoggerMessage(Level = LogLevel.Error, Message = "RadSec could not get a certificate ({Reason})")]
    private partial void LogNotIssued(string reason);

    private sealed record Shown(SslStreamCertificateContext Context, X509Certificate2 Authority, DateTimeOffset RenewAt);
}
