using System.Net;
using System.Security.Cryptography;

namespace EasyIsp.Emulators.Routers.Radius;

/// <summary>The router's side of RADIUS: three tries, genuine answers only (mikrotik.md 4.1, 4.9).</summary>
internal sealed class RadiusClient : IAsyncDisposable
{
    private readonly EmulatedRouterOptions _options;
    private readonly RouterFaults _faults;
    private readonly RouterCounters _counters;
    private readonly RadiusExchange _authentication;
    private readonly RadiusExchange _accounting;

    public RadiusClient(EmulatedRouterOptions options, RouterFaults faults, RouterCounters counters, TimeProvider clock)
    {
        (_options, _faults, _counters) = (options, faults, counters);
        var source = IPAddress.Parse(options.Address);
        var server = IPAddress.Parse(options.RadiusAddress);
        _authentication = new RadiusExchange(source, new IPEndPoint(server, options.RadiusAuthPort), clock);
        _accounting = new RadiusExchange(source, new IPEndPoint(server, options.RadiusAcctPort), clock)
        {
            LosesReplies = () => faults.LoseAccountingResponses,
        };
    }

    private string Secret => _faults.WrongSecret ? $"{_options.RadiusSecret}-wrong" : _options.RadiusSecret;

    /// <returns>Access-Accept or Access-Reject; null when the server does not answer.</returns>
    public async Task<RadiusPacket?> AuthenticateAsync(
        Func<RadiusWriter, RadiusCall, PasswordProof, bool, byte[]> order,
        RadiusCall call,
        PasswordProof proof,
        CancellationToken cancellationToken)
    {
        var secret = Secret;
        var authenticator = RandomNumberGenerator.GetBytes(16);
        return await AskAsync(
            _authentication,
            identifier => order(
                new RadiusWriter(Code.AccessRequest, identifier, secret).Random(authenticator),
                call,
                proof,
                _options.WantsMessageAuthenticator),
            (request, reply) => reply.Code is Code.AccessAccept or Code.AccessReject && IsGenuineAccess(request, reply, secret),
            cancellationToken);
    }

    /// <returns>Whether the server took the record; it is dropped otherwise (4.7: no spool).</returns>
    public async Task<bool> AccountAsync(
        Func<RadiusWriter, RadiusCall, AcctRecord, byte[]> order,
        RadiusCall call,
        AcctRecord record,
        CancellationToken cancellationToken)
    {
        var secret = Secret;
        var reply = await AskAsync(
            _accounting,
            identifier => order(new RadiusWriter(Code.AccountingRequest, identifier, secret), call, record),
            (request, reply) => reply.Code == Code.AccountingResponse && Counted(reply.IsReplyTo(request.AsSpan(4, 16), secret)),
            cancellationToken);
        return reply is not null;
    }

    public async ValueTask DisposeAsync()
    {
        await _authentication.DisposeAsync();
        await _accounting.DisposeAsync();
    }

    private async Task<RadiusPacket?> AskAsync(
        RadiusExchange exchange,
        Func<byte, byte[]> build,
        Func<byte[], RadiusPacket, bool> accept,
        CancellationToken cancellationToken)
    {
        var copies = _faults.DuplicatePackets ? 2 : 1;
        var reply = await exchange.AskAsync(
            build, accept, _options.RadiusTries, copies, _options.RadiusTimeout, cancellationToken);
        if (reply is null)
            _counters.CountTimeout();
        return reply;
    }

    /// <summary>Once required, an answer without Message-Authenticator is as bad as a forged one; a wrong one always is.</summary>
    private bool IsGenuineAccess(byte[] request, RadiusPacket reply, string secret)
    {
        var authenticator = request.AsSpan(4, 16);
        var signed = reply.Has(Attr.MessageAuthenticator)
            ? reply.HasValidMessageAuthenticator(authenticator, secret)
            : !_options.WantsMessageAuthenticator;
        return Counted(signed && reply.IsReplyTo(authenticator, secret));
    }

    private bool Counted(bool genuine)
    {
        if (!genuine)
            _counters.CountBadReply();
        return genuine;
    }
}
