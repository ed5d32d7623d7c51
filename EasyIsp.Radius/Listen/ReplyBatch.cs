using System.Net;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// Replies that one thread makes one after the other, sent together when it is done or there is no more room. Those of one
/// length that go to one router leave as one datagram, which the system cuts (see <see cref="MessageVector"/>). Elsewhere
/// than on Linux, and where nobody has begun one, each is sent at once.
/// </summary>
internal sealed class ReplyBatch
{
    /// <summary>The most replies, and the most that Linux cuts one datagram into.</summary>
    private const int Size = 64;

    /// <summary>Less than one datagram may have.</summary>
    private const int Room = 48 * 1024;

    /// <summary>Octets that pass whole on any way, with the headers: longer ones leave by themselves.</summary>
    private const int LongestJoined = 1200;

    [ThreadStatic]
    private static ReplyBatch? _ofThread;

    private readonly MessageVector _vector = new(Size);
    private readonly byte[] _packets = GC.AllocateUninitializedArray<byte>(Room, pinned: true);
    private readonly byte[][] _addresses = new byte[Size][];
    private readonly Reply[] _replies = new Reply[Size];
    private readonly Answer[] _answers = new Answer[Size];
    private UdpListener? _listener;
    private bool _isOpen;
    private int _count;
    private int _peers;
    private int _octets;

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
        if (batch._count == Size || batch._octets + packet.Length > Room || batch._listener != listener)
            batch.Flush();

        batch._listener = listener;
        batch.Add(packet, to.Buffer.Span[..to.Size], answer);
        return true;
    }

    private void Add(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> to, in Answer answer)
    {
        packet.CopyTo(_packets.AsSpan(_octets));
        _replies[_count] = new Reply(PeerOf(to), packet.Length, _count, _octets, answer);
        _octets += packet.Length;
        _count++;
    }

    private int PeerOf(ReadOnlySpan<byte> address)
    {
        for (var peer = 0; peer < _peers; peer++)
        {
            if (address.SequenceEqual(_addresses[peer]))
                return peer;
        }

        if (_addresses[_peers] is { } used && used.Length == address.Length)
            address.CopyTo(used);
        else
            _addresses[_peers] = address.ToArray();
        return _peers++;
    }

    private void Flush()
    {
        var replies = _replies.AsSpan(0, _count);
        if (_count > 1)
            replies.Sort();
        for (var done = 0; done < replies.Length;)
            done += _listener!.Send(_vector, Compose(replies[done..]), _answers);
        (_count, _peers, _octets, _listener) = (0, 0, 0, null);
    }

    /// <returns>How many datagrams they are.</returns>
    private int Compose(ReadOnlySpan<Reply> replies)
    {
        var messages = 0;
        for (var first = 0; first < replies.Length; messages++)
        {
            var count = _listener!.MayJoin ? LengthOfRun(replies[first..]) : 1;
            for (var i = first; i < first + count; i++)
            {
                _vector.SetBuffer(i, _packets, replies[i].Offset, replies[i].Length);
                _answers[i] = replies[i].Answer;
            }

            _vector.SetMessage(messages, _addresses[replies[first].Peer], first, count, replies[first].Length);
            first += count;
        }

        return messages;
    }

    /// <summary>Of one router and one length; the last of them may be shorter.</summary>
    private static int LengthOfRun(ReadOnlySpan<Reply> replies)
    {
        var first = replies[0];
        if (first.Length > LongestJoined)
            return 1;

        var count = 1;
        while (count < replies.Length && replies[count].Peer == first.Peer && replies[count - 1].Length == first.Length)
            count++;
        return count;
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

    /// <param name="Peer">Its place among the addresses.</param>
    /// <param name="Number">Which of the batch it was.</param>
    /// <param name="Offset">Where it begins among the octets.</param>
    private readonly record struct Reply(int Peer, int Length, int Number, int Offset, Answer Answer) : IComparable<Reply>
    {
        /// <summary>Those of a router together, longer ones first, else as they came.</summary>
        public int CompareTo(Reply other)
            => Peer != other.Peer ? Peer.CompareTo(other.Peer)
                : Length != other.Length ? other.Length.CompareTo(Length)
                : Number.CompareTo(other.Number);
    }
}
