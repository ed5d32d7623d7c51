using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.RadSec;
using EasyIsp.Radius.Tests.Worker;

namespace EasyIsp.Radius.Tests.RadSec;

/// <summary>A router that asks over TLS, from wherever it is, and checks each answer's signature.</summary>
internal sealed class RadSecRouter : IAsyncDisposable
{
    public const string Secret = "radsec";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly SharedSecret RadSecSecret = new(Secret);

    private readonly SslStream _stream;
    private readonly TestNas _packets;

    private RadSecRouter(SslStream stream, TestNas packets) => (_stream, _packets) = (stream, packets);

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Writes packets as a router does whose secret is the standard's word.</summary>
    public TestNas Packets => _packets;

    public X509Certificate2 ServerCertificate => (X509Certificate2)_stream.RemoteCertificate!;

    public static X509Certificate2 Open(IssuedCertificate issued)
        => X509CertificateLoader.LoadPkcs12Collection(issued.Pkcs12, issued.Passphrase).Single(certificate => certificate.HasPrivateKey);

    public static string FingerprintOf(IssuedCertificate issued)
        => Convert.ToHexString(RouterCertificate.FingerprintOf(Open(issued)));

    public static Task<RadSecRouter> ConnectAsync(Isp isp, IssuedCertificate issued) => ConnectAsync(isp, Open(issued));

    /// <exception cref="AuthenticationException">The handshake failed.</exception>
    /// <exception cref="IOException">The server broke it off.</exception>
    public static async Task<RadSecRouter> ConnectAsync(
        Isp isp, X509Certificate2? certificate, SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(isp.RadSec, CancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "radius.test",
                    ClientCertificates = certificate is null ? null : [certificate],
                    EnabledSslProtocols = protocols,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(isp, shown),
                },
                CancellationToken);
            return new RadSecRouter(stream, new TestNas(isp, Guid.Empty, "127.0.1.99", Secret));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static bool IsOurs(Isp isp, X509Certificate? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(isp.Worker<ServerCertificate>().Authority!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = isp.World.Clock.GetUtcNow().UtcDateTime;
        return shown is X509Certificate2 certificate && chain.Build(certificate);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets) => _stream.WriteAsync(octets, CancellationToken);

    public async Task<Answer> AskAsync(byte[] request)
    {
        await SendAsync(request);
        return await ReceiveAsync(request);
    }

    public async Task<Answer> ReceiveAsync(byte[] request)
    {
        var reply = await ReceiveAsync();
        Assert.True(RadiusPacket.TryRead(request, out var asked, out _));
        Assert.True(RadiusPacket.TryRead(reply, out var answered, out _));
        Assert.Equal(ReplyCheck.Genuine, ResponseAuthenticator.Check(answered, asked, RadSecSecret));
        return new Answer(reply);
    }

    /// <returns>The next packet, whichever request it answers.</returns>
    public async Task<byte[]> ReceiveAsync()
    {
        var header = new byte[4];
        await _stream.ReadExactlyAsync(header, CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, CancellationToken);
        var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2))];
        header.CopyTo(packet, 0);
        await _stream.ReadExactlyAsync(packet.AsMemory(4), CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, CancellationToken);
        return packet;
    }

    /// <summary>Nothing comes any more, for the server has closed the connection.</summary>
    public async Task IsClosedAsync()
    {
        try
        {
            Assert.Equal(0, await _stream.ReadAsync(new byte[1], CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, CancellationToken));
        }
        catch (IOException)
        {
            // Closed without a word of TLS.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _packets.Dispose();
        await _stream.DisposeAsync();
    }
}
