using System.Net;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// Replies that one thread makes one after the other, sent together when it is done or there is no more room. Elsewhere
/// than on Linux, and where nobody has begun one, each is sent at once.
/// </summary>
internal sealed class ReplyBatch
{
    private const int Size = ReceiveBatch.Size;

    [ThreadStatic]
    private static ReplyBatch? _ofThread;

    private readonly MessageVector _vector = new(Size);
    private readonly byte[] _packets = GC.AllocateUninitializedArray<byte>(Size * RadiusPacket.MaxSize, pinned: true);
    private readonly Answer[] _answers = new Answer[Size];
    private UdpListener? _listener;
    private bool _isOpen;
    private int _count;

    /// <summary>From now on until the end, which is on the same thread, replies wait for each other.</summary>
    public static Scope Begin()
    {
        if (!OperatingSystem.IsLinux())
            return default;

        var batch = _ofThread ??= new ReplyBatch();
        batch._isOpen = true;
        return new Scope(batch);
    }

    /// <returns>False where it is to be sent at once.</returns>
    public static bool TryAdd(UdpListener listener, ReadOnlySpan<byte> packet, SocketAddress to, in Answer answer)
    {
        if (_ofThread is not { _isOpen: true } batch)
            return false;
        if (batch._count == Size || batch._listener != listener)
            batch.Flush();

        batch._listener = listener;
        batch.Add(packet, to, answer);
        return true;
    }

    private void Add(ReadOnlySpan<byte> packet, SocketAddress to, in Answer answer)
    {
        var offset = _count * RadiusPacket.MaxSize;
        packet.CopyTo(_packets.AsSpan(offset, packet.Length));
        _vector.SetBuffer(_count, _packets, offset, packet.Length);
        _vector.SetName(_count, to.Buffer.Span[..to.Size]);
        _answers[_count++] = answer;
    }

    private void Flush()
    {
        if (_count > 0)
            _listener!.Send(_vector, _answers.AsSpan(0, _count));
        (_count, _listener) = (0, null);
    }

    private void End()
    {
        _isOpen = false;
        Flush();
    }

    /// <summary>Ends where it is disposed of.</summary>
    public readonly ref struct Scope(ReplyBatch? batch)
    {
        public void Dispose() => batch?.End();
    }
}
