using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Radius.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.RadSec;

/// <summary>
/// The beginning of a connection: TLS 1.2 or later, our certificate for the router's. A session is never taken up again
/// without one, since the certificate may have been revoked meanwhile.
/// </summary>
internal sealed class Handshake(
    ServerCertificate certificate, NasDirectory directory, IOptions<RadSecOptions> options, TimeProvider clock)
{
    /// <returns>The stream and whose it is; or why not, and then the stream is closed.</returns>
    public async Task<HandshakeOutcome> ShakeAsync(Socket socket, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        HandshakeOutcome? outcome = null;
        try
        {
            return outcome = await TryAsync(stream, cancellationToken);
        }
        finally
        {
            if (outcome is not HandshakeOutcome.Done)
                await stream.DisposeAsync();
        }
    }

    private async Task<HandshakeOutcome> TryAsync(SslStream stream, CancellationToken cancellationToken)
    {
        if (certificate is not { Context: { } context, Authority: { } authority } || !directory.IsLoaded)
            return new HandshakeOutcome.Refused(RadSecFailure.NotReady, null);

        var judged = (Identity: (RouterIdentity?)null, Failure: (RadSecFailure?)null);
        string? serialNumber = null; // read while the certificate is there: a refused one is disposed of
        using var patience = new CancellationTokenSource(options.Value.HandshakeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await stream.AuthenticateAsServerAsync(OptionsOf(context, Judge), either.Token);
            return new HandshakeOutcome.Done(stream, judged.Identity!);
        }
        catch (OperationCanceledException)
        {
            return new HandshakeOutcome.Refused(RadSecFailure.Timeout, null);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return new HandshakeOutcome.Refused(judged.Failure ?? RadSecFailure.Protocol, serialNumber);
        }

        bool Judge(X509Certificate? candidate)
        {
            var shown = candidate as X509Certificate2;
            serialNumber = shown?.SerialNumber;
            judged = RouterProof.Judge(shown, authority, directory, clock.GetUtcNow());
            return judged.Identity is not null;
        }
    }

    private static SslServerAuthenticationOptions OptionsOf(SslStreamCertificateContext context, Predicate<X509Certificate?> judge) => new()
    {
        ServerCertificateContext = context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, candidate, _, _) => judge(candidate),
    };
}

internal abstract record HandshakeOutcome
{
    private HandshakeOutcome()
    {
    }

    public sealed record Done(SslStream Stream, RouterIdentity Identity) : HandshakeOutcome;

    /// <param name="SerialNumber">Of the certificate that was shown, where one was.</param>
    public sealed record Refused(RadSecFailure Failure, string? SerialNumber) : HandshakeOutcome;
}
