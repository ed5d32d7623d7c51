using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>The way to a router; its callers' tests put a paper router in its place.</summary>
public interface IRouterConnector
{
    /// <summary>Connects and signs in. The caller disposes of the client, which signs out.</summary>
    /// <exception cref="RouterOsException">Unreachable, another certificate than the pinned one, or the sign-in is refused.</exception>
    Task<IRouterClient> ConnectAsync(RouterEndpoint router, CancellationToken cancellationToken);
}

/// <summary>Real connections over TCP or TLS.</summary>
public sealed class RouterConnector(TimeProvider clock) : IRouterConnector
{
    private const int ReadBufferBytes = 16 * 1024;

    /// <summary>The longest silence of a router, both while connecting and after a command.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public async Task<IRouterClient> ConnectAsync(RouterEndpoint router, CancellationToken cancellationToken)
        => new RouterClient(await OpenAsync(router, cancellationToken));

    internal async Task<RouterOsConnection> OpenAsync(RouterEndpoint router, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ReplyTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Stream? stream = null;
        try
        {
            stream = await ReachAsync(router, either.Token);
            var reader = new SentenceReader(new BufferedStream(stream, ReadBufferBytes));
            await RouterSignIn.SignInAsync(stream, reader, router, either.Token);
            var connection = new RouterOsConnection(stream, reader, ReplyTimeout, clock);
            stream = null;
            return connection;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"{router} did not answer within {ReplyTimeout.TotalSeconds} s.", e);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or InvalidDataException)
        {
            throw Unreachable($"{router} can't be reached: {e.Message}", e);
        }
        finally
        {
            if (stream is not null)
                await stream.DisposeAsync();
        }
    }

    private static async Task<Stream> ReachAsync(RouterEndpoint router, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var stream = default(Stream);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            await socket.ConnectAsync(router.Host, router.Port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            return router.TlsFingerprint is { } pin ? await EncryptAsync(stream, router.Host, pin, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<SslStream> EncryptAsync(Stream stream, string host, string pin, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        var expected = pin.Replace(":", "", StringComparison.Ordinal);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null
                    && expected.Equals(certificate.GetCertHashString(HashAlgorithmName.SHA256), StringComparison.OrdinalIgnoreCase),
            },
            cancellationToken);
        return tls;
    }

    private static RouterOsException Unreachable(string message, Exception inner)
        => new(RouterOsFailure.Unreachable, message, inner);
}
