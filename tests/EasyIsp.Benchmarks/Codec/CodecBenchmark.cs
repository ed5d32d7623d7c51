using System.Text;
using BenchmarkDotNet.Attributes;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Codec;

/// <summary>What the codec costs for one login and one report, as RouterOS sends them.</summary>
[MemoryDiagnoser]
public class CodecBenchmark
{
    private static readonly SharedSecret Secret = new("bench-router-secret");

    private readonly byte[] _login = MakeLogin();
    private readonly byte[] _report = MakeReport();
    private readonly byte[] _password = "a password"u8.ToArray();
    private readonly byte[] _class = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray(bigEndian: true);
    private readonly RequestVerifier _verifier = new(Secret, MessageAuthenticatorMode.Require, isTrustedProxy: false);

    [Benchmark]
    public int ParseLogin() => RadiusPacket.TryRead(_login, out var packet, out _) ? packet.Octets.Length : 0;

    [Benchmark]
    public bool VerifyMessageAuthenticator()
        => RadiusPacket.TryRead(_login, out var packet, out _) && _verifier.Verify(packet) is RequestVerdict.Genuine;

    [Benchmark]
    public bool VerifyAccountingAuthenticator()
        => RadiusPacket.TryRead(_report, out var packet, out _) && _verifier.Verify(packet) is RequestVerdict.Genuine;

    [Benchmark]
    public bool CheckPapPassword() => RadiusPacket.TryRead(_login, out var packet, out _)
        && packet.TryGet(AttributeType.UserPassword, out var hidden)
        && UserPassword.Matches(hidden, packet.Authenticator, Secret, _password);

    [Benchmark]
    public int WriteAccept()
    {
        RadiusPacket.TryRead(_login, out var request, out _);
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        var reply = PacketWriter.Reply(buffer, PacketCode.AccessAccept, request);
        reply.Add(AttributeType.Class, _class);
        reply.AddText(MikrotikAttribute.RateLimit, "2000k/10000k");
        reply.AddUInt32(AttributeType.SessionTimeout, 2_505_600);
        reply.AddUInt32(AttributeType.AcctInterimInterval, 300);
        return reply.Sign(Secret).Length;
    }

    [Benchmark]
    public int WriteAccountingResponse()
    {
        RadiusPacket.TryRead(_report, out var request, out _);
        Span<byte> buffer = stackalloc byte[RadiusPacket.MaxSize];
        return PacketWriter.Reply(buffer, PacketCode.AccountingResponse, request).Sign(Secret).Length;
    }

    private static byte[] MakeLogin()
    {
        Span<byte> random = stackalloc byte[RadiusPacket.AuthenticatorSize];
        new Random(1).NextBytes(random);
        Span<byte> hidden = stackalloc byte[UserPassword.MaxSize];
        var length = UserPassword.Hide(Encoding.UTF8.GetBytes("a password"), random, Secret, hidden);
        var packet = PacketWriter.AccessRequest(new byte[RadiusPacket.MaxSize], PacketCode.AccessRequest, 1, random);
        packet.AddMessageAuthenticator();
        AddPort(ref packet);
        packet.Add(AttributeType.UserPassword, hidden[..length]);
        return packet.Sign(Secret).ToArray();
    }

    private static byte[] MakeReport()
    {
        var packet = PacketWriter.DigestedRequest(new byte[RadiusPacket.MaxSize], PacketCode.AccountingRequest, 1);
        packet.AddUInt32(AttributeType.AcctStatusType, (uint)AcctStatusType.InterimUpdate);
        packet.AddText(AttributeType.AcctSessionId, "8100000f");
        AddPort(ref packet);
        packet.AddUInt32(AttributeType.AcctSessionTime, 600);
        packet.AddUInt32(AttributeType.AcctInputOctets, 30_000_000);
        packet.AddUInt32(AttributeType.AcctOutputOctets, 240_000_000);
        return packet.Sign(Secret).ToArray();
    }

    private static void AddPort(ref PacketWriter packet)
    {
        packet.AddText(AttributeType.UserName, "customer0000001");
        packet.AddUInt32(AttributeType.ServiceType, (uint)ServiceType.Framed);
        packet.AddUInt32(AttributeType.FramedProtocol, 1);
        packet.AddUInt32(AttributeType.NasPort, 15_728_640);
        packet.AddText(AttributeType.CallingStationId, "02:00:00:00:00:01");
        packet.AddText(AttributeType.CalledStationId, "service1");
        packet.AddText(AttributeType.NasPortId, "ether2");
        packet.AddText(AttributeType.NasIdentifier, "router1");
    }
}
