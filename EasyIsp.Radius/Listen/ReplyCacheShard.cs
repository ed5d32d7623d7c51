using System.Buffers;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// A part of the <see cref="ReplyCache"/> under one lock. Entries stand in the order in which they expire.
/// </summary>
internal sealed class ReplyCacheShard(TimeProvider time, TimeSpan lifetime, int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RequestSlot, LinkedListNode<Entry>> _slots = [];
    private readonly LinkedList<Entry> _oldestFirst = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _slots.Count;
        }
    }

    public ReplyCacheOutcome Begin(in RequestKey key)
    {
        lock (_lock)
        {
            ForgetExpired();
            if (!_slots.TryGetValue(key.Slot, out var node))
            {
                Remember(key);
                return ReplyCacheOutcome.New;
            }

            ref var entry = ref node.ValueRef;
            if (entry.Key.Authenticator == key.Authenticator)
                return entry.Reply.IsEmpty ? ReplyCacheOutcome.InProgress : ReplyCacheOutcome.Answered;

            entry.ReleaseReply();
            entry.Key = key;
            Touch(node);
            return ReplyCacheOutcome.New;
        }
    }

    public int Recall(in RequestKey key, Span<byte> reply)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(key.Slot, out var node) || node.ValueRef.Key.Authenticator != key.Authenticator)
                return 0;

            node.ValueRef.Reply.Span.CopyTo(reply);
            return node.ValueRef.Reply.Length;
        }
    }

    public bool TryComplete(in RequestKey key, ReadOnlySpan<byte> reply)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(key.Slot, out var node) || node.ValueRef.Key.Authenticator != key.Authenticator)
                return false;

            node.ValueRef.SetReply(reply);
            Touch(node);
            return true;
        }
    }

    public void Abandon(in RequestKey key)
    {
        lock (_lock)
        {
            if (_slots.TryGetValue(key.Slot, out var node) && node.ValueRef.Key.Authenticator == key.Authenticator)
                Forget(node);
        }
    }

    /// <summary>Gives memory back even when no request comes to do it.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            ForgetExpired();
            if (_slots.Count < _slots.Capacity / 4)
                _slots.TrimExcess();
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            while (_oldestFirst.First is { } oldest)
                Forget(oldest);
        }
    }

    private void Remember(in RequestKey key)
    {
        if (_slots.Count >= capacity)
            Forget(_oldestFirst.First!);
        _slots[key.Slot] = _oldestFirst.AddLast(new Entry { Key = key, TouchedAt = time.GetTimestamp() });
    }

    private void Touch(LinkedListNode<Entry> node)
    {
        node.ValueRef.TouchedAt = time.GetTimestamp();
        _oldestFirst.Remove(node);
        _oldestFirst.AddLast(node);
    }

    private void ForgetExpired()
    {
        while (_oldestFirst.First is { } oldest && time.GetElapsedTime(oldest.ValueRef.TouchedAt) >= lifetime)
            Forget(oldest);
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _slots.Remove(node.ValueRef.Key.Slot);
        _oldestFirst.Remove(node);
        node.ValueRef.ReleaseReply();
    }

    private struct Entry
    {
        private byte[]? _buffer;
        private int _length;

        public RequestKey Key;
        public long TouchedAt;

        /// <summary>Empty while the request is being worked on.</summary>
        public readonly ReadOnlyMemory<byte> Reply => _buffer.AsMemory(0, _length);

        public void SetReply(ReadOnlySpan<byte> reply)
        {
            ReleaseReply();
            _buffer = ArrayPool<byte>.Shared.Rent(reply.Length);
            _length = reply.Length;
            reply.CopyTo(_buffer);
        }

        public void ReleaseReply()
        {
            if (_buffer is not null)
                ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
            _length = 0;
        }
    }
}
