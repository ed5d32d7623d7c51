using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>A login by a password, as RouterOS's PPPoE server sends it.</summary>
internal abstract class Login : RequestKind
{
    public sealed override bool IsAccounting => false;

    public sealed override ReadOnlySpan<byte> Write(
        Span<byte> buffer, byte identifier, ReadOnlySpan<byte> random, Customer customer, Router router)
    {
        var packet = PacketWriter.AccessRequest(buffer, PacketCode.AccessRequest, identifier, random);
        packet.AddMessageAuthenticator();
        AddPort(ref packet, customer, router);
        AddProof(ref packet, random, customer, router);
        return packet.Sign(router.Secret);
    }

    public override string? FaultIn(in RadiusPacket reply, Customer customer)
    {
        if (reply.Code is not PacketCode.AccessAccept)
            return $"{reply.Code} for a right password";
        if (!reply.Has(AttributeType.MessageAuthenticator))
            return "an Access-Accept without Message-Authenticator";
        if (!reply.Has(AttributeType.SessionTimeout) || !HasRateLimit(reply))
            return "an Access-Accept without its terms";

        if (reply.TryGet(AttributeType.Class, out var octets))
            customer.Class = octets.ToArray();
        return null;
    }

    protected abstract void AddProof(ref PacketWriter packet, ReadOnlySpan<byte> random, Customer customer, Router router);

    protected static void AddPassword(ref PacketWriter packet, string password, ReadOnlySpan<byte> random, Router router)
    {
        Span<byte> octets = stackalloc byte[UserPassword.MaxSize];
        Span<byte> hidden = stackalloc byte[UserPassword.MaxSize];
        var length = Encoding.UTF8.GetBytes(password, octets);
        packet.Add(AttributeType.UserPassword, hidden[..UserPassword.Hide(octets[..length], random, router.Secret, hidden)]);
    }

    private static bool HasRateLimit(in RadiusPacket reply)
    {
        foreach (var attribute in reply.VendorAttributes(VendorId.Mikrotik))
        {
            if (attribute.Type == (byte)MikrotikAttribute.RateLimit)
                return true;
        }

        return false;
    }
}

internal sealed class PapLogin : Login
{
    protected override void AddProof(ref PacketWriter packet, ReadOnlySpan<byte> random, Customer customer, Router router)
        => AddPassword(ref packet, customer.Password, random, router);
}

/// <summary>With a CHAP-Challenge of its own, as RouterOS sends it.</summary>
internal sealed class ChapLogin : Login
{
    protected override void AddProof(ref PacketWriter packet, ReadOnlySpan<byte> random, Customer customer, Router router)
    {
        Span<byte> challenge = stackalloc byte[16];
        for (var i = 0; i < challenge.Length; i++)
            challenge[i] = (byte)~random[i];
        Span<byte> response = stackalloc byte[Chap.ResponseSize];
        Span<byte> password = stackalloc byte[UserPassword.MaxSize];
        var length = Encoding.UTF8.GetBytes(customer.Password, password);
        response[0] = random[0];
        Chap.Respond(random[0], password[..length], challenge, response[1..]);
        packet.Add(AttributeType.ChapPassword, response);
        packet.Add(AttributeType.ChapChallenge, challenge);
    }
}

internal sealed class WrongPassword : Login
{
    public override string? FaultIn(in RadiusPacket reply, Customer customer)
    {
        if (reply.Code is not PacketCode.AccessReject)
            return $"{reply.Code} for a wrong password";
        return reply.Has(AttributeType.MessageAuthenticator) ? null : "an Access-Reject without Message-Authenticator";
    }

    protected override void AddProof(ref PacketWriter packet, ReadOnlySpan<byte> random, Customer customer, Router router)
        => AddPassword(ref packet, "not " + customer.Password, random, router);
}
