using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>
/// MS-CHAPv2. A customer's challenges are the same each time, so that the generator computes his response once and
/// spends its time on sending; the server cannot know that and computes each anew.
/// </summary>
internal sealed class MsChapLogin : Login
{
    private const int PeerOffset = 2;
    private const int NtResponseOffset = 26;

    public override string? FaultIn(in RadiusPacket reply, Customer customer)
    {
        if (base.FaultIn(reply, customer) is { } fault)
            return fault;
        if (!reply.TryGet(MicrosoftAttribute.Chap2Success, out var success) || !success[1..].SequenceEqual(customer.MsChap!.Success))
            return "an MS-CHAP2-Success that does not prove the server";
        return reply.TryGet(MicrosoftAttribute.MppeSendKey, out _) ? null : "an Access-Accept without MPPE keys";
    }

    public override void Prepare(Customer customer) => customer.MsChap ??= ProofOf(customer);

    protected override void AddProof(ref PacketWriter packet, ReadOnlySpan<byte> random, Customer customer, Router router)
    {
        packet.Add(MicrosoftAttribute.ChapChallenge, customer.MsChap!.Challenge);
        packet.Add(MicrosoftAttribute.Chap2Response, customer.MsChap.Response);
    }

    private static MsChapProof ProofOf(Customer customer)
    {
        var challenge = Encoding.UTF8.GetBytes(customer.UserName.PadRight(MsChapV2.ChallengeSize)[..MsChapV2.ChallengeSize]);
        var response = new byte[NtResponseOffset + MsChapV2.NtResponseSize];
        var success = new byte[MsChapV2.AuthenticatorResponseSize];
        response[0] = 1;
        new Random(1).NextBytes(response.AsSpan(PeerOffset, MsChapV2.ChallengeSize));
        var asked = new MsChap2Challenge(
            challenge, response.AsSpan(PeerOffset, MsChapV2.ChallengeSize), Encoding.UTF8.GetBytes(customer.UserName));
        var password = NtHash.Of(customer.Password);
        MsChapV2.Respond(asked, password, response.AsSpan(NtResponseOffset));
        MsChapV2.WriteAuthenticatorResponse(asked, password, response.AsSpan(NtResponseOffset), success);
        return new MsChapProof(challenge, response, success);
    }
}

/// <param name="Success">What the server must answer to prove that it knows the password too.</param>
internal sealed record MsChapProof(byte[] Challenge, byte[] Response, byte[] Success);
