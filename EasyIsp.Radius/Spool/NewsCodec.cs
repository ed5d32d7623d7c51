using System.Net;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Spool;

/// <summary>
/// News as octets. It has no password in it; a user name that may be a voucher's code, which is money, is protected as
/// in the database.
/// </summary>
internal sealed class NewsCodec(SecretCodec secrets)
{
    private const byte Report = 1;
    private const byte Restart = 2;
    private const byte Cut = 3;
    private const byte LimitedReport = 4;

    public void Encode(SessionNews news, Stream to)
    {
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        switch (news)
        {
            case SessionReport report:
                writer.Write(report.IsLimited ? LimitedReport : Report);
                WriteReport(writer, report);
                break;
            case RouterRestarted restart:
                writer.Write(Restart);
                WriteKeys(writer, news);
                Write(writer, restart.At);
                writer.Write(restart.Cause);
                break;
            case SessionCut cut:
                writer.Write(Cut);
                WriteKeys(writer, news);
                Write(writer, cut.SessionId);
                WriteOptional(writer, cut.EndedAt, Write);
                break;
            default:
                throw new ArgumentException($"{news.GetType().Name} cannot be spooled.", nameof(news));
        }
    }

    /// <exception cref="InvalidDataException">It is damaged, or a later version of the program wrote it.</exception>
    /// <exception cref="CryptographicException">The key ring, which lies in the database, cannot be read now.</exception>
    public SessionNews Decode(ReadOnlyMemory<byte> record)
    {
        try
        {
            return Read(record);
        }
        catch (CryptographicException)
        {
            return ReadByTheRing(record);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"A spooled record is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// A ring that cannot be read and a name that was not made by it fail alike. So the ring is put to the proof first: once
    /// read it stays in memory, and what it then cannot reveal it never will.
    /// </summary>
    private SessionNews ReadByTheRing(ReadOnlyMemory<byte> record)
    {
        secrets.Reveal(Guid.Empty, secrets.Protect(Guid.Empty, ""));
        try
        {
            return Read(record);
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException("A spooled record's user name was not protected by this installation.", exception);
        }
    }

    private SessionNews Read(ReadOnlyMemory<byte> record)
    {
        using var reader = new BinaryReader(new MemoryStream(record.ToArray(), writable: false), Encoding.UTF8);
        var kind = reader.ReadByte();
        var (tenantId, routerId) = (ReadGuid(reader), ReadGuid(reader));
        return kind switch
        {
            Report => ReadReport(reader, tenantId, routerId),
            LimitedReport => ReadReport(reader, tenantId, routerId) with { IsLimited = true },
            Restart => new RouterRestarted(tenantId, routerId, ReadTime(reader), reader.ReadInt32()),
            Cut => new SessionCut(tenantId, routerId, ReadGuid(reader), ReadOptional(reader, ReadTime)),
            _ => throw new InvalidDataException($"A spooled record of an unknown kind ({kind})."),
        };
    }

    private void WriteReport(BinaryWriter writer, SessionReport report)
    {
        WriteKeys(writer, report);
        WriteOptional(writer, report.SessionId, Write);
        writer.Write(report.NasSessionId);
        WriteUserName(writer, report);
        WriteOwner(writer, report.Owner);
        WriteText(writer, report.MacAddress);
        WriteText(writer, report.Address?.ToString());
        Write(writer, report.StartedAt);
        Write(writer, report.HeardAt);
        writer.Write(report.UploadedBytes);
        writer.Write(report.DownloadedBytes);
        writer.Write(report.SessionSeconds);
        writer.Write(report.IsStart);
        writer.Write(report.MayWrap);
        writer.Write(report.End is not null);
        if (report.End is { } end)
        {
            Write(writer, end.At);
            WriteOptional(writer, end.Cause, (to, cause) => to.Write(cause));
        }
    }

    private SessionReport ReadReport(BinaryReader reader, Guid tenantId, Guid routerId)
    {
        var sessionId = ReadOptional(reader, ReadGuid);
        var nasSessionId = reader.ReadString();
        var userName = ReadUserName(reader, tenantId);
        var owner = ReadOwner(reader, userName);
        var (macAddress, address) = (ReadText(reader), ReadText(reader));
        return new SessionReport(
            tenantId,
            routerId,
            sessionId,
            nasSessionId,
            userName,
            owner,
            macAddress,
            address is null ? null : IPAddress.Parse(address),
            ReadTime(reader),
            ReadTime(reader),
            reader.ReadInt64(),
            reader.ReadInt64(),
            reader.ReadInt64(),
            IsStart: reader.ReadBoolean(),
            MayWrap: reader.ReadBoolean(),
            End: reader.ReadBoolean() ? new SessionEnd(ReadTime(reader), ReadOptional(reader, from => from.ReadInt32())) : null);
    }

    /// <summary>Where the owner is known, what the session is stored under; the typed name is needed no more.</summary>
    private void WriteUserName(BinaryWriter writer, SessionReport report)
    {
        var isProtected = report.Owner is null && VoucherCode.Normalize(report.UserName) is not null;
        writer.Write(isProtected);
        if (!isProtected)
        {
            writer.Write(report.SessionUserName);
            return;
        }

        var octets = secrets.Protect(report.TenantId, report.UserName).Protected;
        writer.Write(octets.Length);
        writer.Write(octets);
    }

    private string ReadUserName(BinaryReader reader, Guid tenantId) => reader.ReadBoolean()
        ? secrets.Reveal(tenantId, new Secret(ReadOctets(reader)))
        : reader.ReadString();

    private static byte[] ReadOctets(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        return length <= reader.BaseStream.Length - reader.BaseStream.Position
            ? reader.ReadBytes(length)
            : throw new EndOfStreamException();
    }

    private static void WriteOwner(BinaryWriter writer, SessionOwner? owner)
    {
        writer.Write(owner is not null);
        if (owner is null)
            return;

        WriteOptional(writer, owner.CustomerId, Write);
        WriteOptional(writer, owner.SubscriptionId, Write);
        WriteOptional(writer, owner.VoucherId, Write);
    }

    private static SessionOwner? ReadOwner(BinaryReader reader, string userName) => reader.ReadBoolean()
        ? new SessionOwner(userName, ReadOptional(reader, ReadGuid), ReadOptional(reader, ReadGuid), ReadOptional(reader, ReadGuid))
        : null;

    private static void WriteKeys(BinaryWriter writer, SessionNews news)
    {
        Write(writer, news.TenantId);
        Write(writer, news.RouterId);
    }

    private static void Write(BinaryWriter writer, Guid id)
    {
        Span<byte> octets = stackalloc byte[16];
        id.TryWriteBytes(octets);
        writer.Write(octets);
    }

    private static Guid ReadGuid(BinaryReader reader) => new(reader.ReadBytes(16));

    private static void Write(BinaryWriter writer, DateTimeOffset instant) => writer.Write(instant.UtcTicks);

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static void WriteOptional<T>(BinaryWriter writer, T? value, Action<BinaryWriter, T> write) where T : struct
    {
        writer.Write(value is not null);
        if (value is { } present)
            write(writer, present);
    }

    private static T? ReadOptional<T>(BinaryReader reader, Func<BinaryReader, T> read) where T : struct
        => reader.ReadBoolean() ? read(reader) : null;
}
