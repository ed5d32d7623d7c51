using System.Diagnostics.CodeAnalysis;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// The Class of our Accepts (RFC 2865 section 5.25): the session's id, and a letter behind it where access is limited,
/// so that its reports are known for what they are also by a worker that never saw the login.
/// </summary>
internal static class SessionClass
{
    public const int MaxSize = IdSize + 1;

    private const int IdSize = 16;
    private const byte Limited = (byte)'L';

    /// <returns>How many octets were written.</returns>
    public static int Write(Guid sessionId, bool isLimited, Span<byte> octets)
    {
        sessionId.TryWriteBytes(octets, bigEndian: true, out _);
        if (isLimited)
            octets[IdSize] = Limited;
        return isLimited ? MaxSize : IdSize;
    }

    public static bool TryRead(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out Guid? sessionId, out bool isLimited)
    {
        isLimited = octets.Length == MaxSize && octets[IdSize] == Limited;
        sessionId = octets.Length == IdSize || isLimited ? new Guid(octets[..IdSize], bigEndian: true) : null;
        return sessionId is not null;
    }
}
