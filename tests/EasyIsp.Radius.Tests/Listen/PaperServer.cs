using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>
/// The smallest RADIUS server that protocol and listener make possible: one NAS secret, one password, no database. It
/// stands where the worker's handlers will stand, in the order in which they are to ask their questions.
/// </summary>
internal sealed class PaperServer(ListenerRole role, ReplyCache cache) : IDatagramHandler
{
    private readonly RequestVerifier _verifier = new(Wire.Secret, MessageAuthenticatorMode.Off, isTrustedProxy: false);
    private static readonly NtHash Password = NtHash.Of(MsChapVectors.Password);

    private int _executed;

    public ListenerRole Role => role;

    /// <summary>Requests worked on, retransmissions not among them.</summary>
    public int Executed => _executed;

    public void Handle(Datagram datagram)
    {
        using (datagram)
        {
            Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
            var reply = Answer(datagram.Source, datagram.Octets.Span, buffer);
            if (!reply.IsEmpty)
                datagram.Reply(reply);
        }
    }

    /// <summary>Empty when there is no answer.</summary>
    public ReadOnlySpan<byte> Answer(PeerEndpoint source, scoped ReadOnlySpan<byte> datagram, Span<byte> buffer)
    {
        if (!RadiusPacket.TryRead(datagram, out var request, out _)
            || !role.Accepts(request.Code)
            || _verifier.Verify(request) is not RequestVerdict.Genuine)
            return default;

        var key = RequestKey.Of(source, request);
        switch (cache.Begin(key))
        {
            case ReplyCacheOutcome.Answered:
                return buffer[..cache.Recall(key, buffer)];
            case ReplyCacheOutcome.InProgress:
                return default;
        }

        Interlocked.Increment(ref _executed);
        var reply = Write(request, buffer);
        return cache.TryComplete(key, reply) ? reply : default;
    }

    private ReadOnlySpan<byte> Write(scoped RadiusPacket request, Span<byte> buffer)
    {
        if (role is ListenerRole.Accounting)
            return PacketWriter.Reply(buffer, PacketCode.AccountingResponse, request).Sign(Wire.Secret);

        var isWelcome = request.Code is PacketCode.StatusServer || KnowsThePassword(request);
        var writer = PacketWriter.Reply(
            buffer, isWelcome ? PacketCode.AccessAccept : PacketCode.AccessReject, request);
        writer.AddText(AttributeType.ReplyMessage, isWelcome ? "Karibu" : "Samahani");
        return writer.Sign(Wire.Secret);
    }

    private static bool KnowsThePassword(in RadiusPacket request) => AuthenticationMethods.Of(request) switch
    {
        AuthenticationMethod.Pap => request.TryGet(AttributeType.UserPassword, out var hidden)
            && UserPassword.Matches(hidden, request.Authenticator, Wire.Secret, "hello123"u8),
        AuthenticationMethod.Chap => Chap.Verify(request, "hello123"u8),
        AuthenticationMethod.MsChapV2 => MsChap2Response.TryRead(request, out var response) && response.Proves(Password),
        _ => false,
    };
}
