using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace EasyIsp.Emulators.Routers.Api;

/// <summary>Listens for API connections, in TLS when the router has a certificate.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly BackgroundWork _conversations = new();
    private readonly EmulatedRouterOptions _options;
    private readonly RouterFaults _faults;
    private readonly ApiMenus _menus;
    private readonly TimeProvider _clock;
    private readonly Task _accepting;

    public ApiServer(EmulatedRouterOptions options, RouterFaults faults, ApiMenus menus, TimeProvider clock)
    {
        (_options, _faults, _menus, _clock) = (options, faults, menus, clock);
        _listener = new TcpListener(IPAddress.Parse(options.Address), options.ApiPort);
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await _conversations.DisposeAsync();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _conversations.Track(TalkAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (OperationCanceledException)
        {
            // Closing.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = await SecureAsync(client.GetStream());
            await using var conversation = new ApiConversation(stream, _options, _faults, _menus, _clock);
            await conversation.RunAsync(_closing.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client is gone, or did not like our certificate.
        }
    }

    private async Task<Stream> SecureAsync(NetworkStream stream)
    {
        if (_options.ApiCertificate is not { } certificate)
            return stream;

        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, _closing.Token);
        return tls;
    }
}
