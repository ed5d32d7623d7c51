using EasyIsp.Radius.Process;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Tests.Protocol;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>reference/radius.md, case 50: Class comes back unchanged and ties a report to its login.</summary>
public sealed class ClassTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ours = new("019c1111-2222-7333-8444-555566667777");

    [Fact]
    public void Ours_is_found_among_those_that_others_have_added()
    {
        Assert.Equal(Ours, SessionOf([0, 255, 1], Ours.ToByteArray(bigEndian: true), "a proxy's own"u8.ToArray()));
        Assert.Equal(Ours, SessionOf(Ours.ToByteArray(bigEndian: true), []));
    }

    [Fact]
    public void Others_alone_name_no_session()
    {
        Assert.Null(SessionOf());
        Assert.Null(SessionOf([0], new byte[17], new byte[253]));
    }

    private static Guid? SessionOf(params byte[][] classes)
    {
        var request = PacketWriter.DigestedRequest(new byte[RadiusPacket.MaxSize], PacketCode.AccountingRequest, 1);
        request.AddUInt32(AttributeType.AcctStatusType, (uint)AcctStatusType.Start);
        request.AddText(AttributeType.UserName, "ali");
        request.AddText(AttributeType.AcctSessionId, "80100014");
        foreach (var value in classes)
            request.Add(AttributeType.Class, value);
        Assert.True(AccountingRecord.TryRead(Wire.Read(request.Sign(Wire.Secret).ToArray()), Noon, out var record));
        return record.SessionId;
    }
}
