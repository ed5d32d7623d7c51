namespace EasyIsp.Emulators.Routers;

/// <summary>What goes wrong on demand (mikrotik.md 9.6); may be set while the router runs.</summary>
public sealed class RouterFaults
{
    /// <summary>Accounting responses never arrive: the router repeats, then forgets the record.</summary>
    public bool LoseAccountingResponses { get; set; }

    /// <summary>Orders (CoA, Disconnect) are done, but their answers never arrive.</summary>
    public bool LoseCoaReplies { get; set; }

    /// <summary>Every CoA-Request is refused with this Error-Cause; Disconnects are done.</summary>
    public uint? RefuseChangesWith { get; set; }

    /// <summary>Every order is refused with this Error-Cause.</summary>
    public uint? RefuseOrdersWith { get; set; }

    /// <summary>CoA-Requests are acknowledged and change nothing.</summary>
    public bool ForgetChanges { get; set; }

    /// <summary>Every RADIUS packet is sent twice.</summary>
    public bool DuplicatePackets { get; set; }

    /// <summary>A session's last interim update is sent after its Stop.</summary>
    public bool InterimAfterStop { get; set; }

    /// <summary>RADIUS packets are made and checked with another secret than the configured one.</summary>
    public bool WrongSecret { get; set; }

    /// <summary>The pause before the API answers a command.</summary>
    public TimeSpan ApiDelay { get; set; }
}

/// <summary>What the router counts, as <c>/radius/monitor</c> and <c>/radius/incoming/monitor</c> show it.</summary>
public sealed class RouterCounters
{
    private int _timeouts;
    private int _badReplies;
    private int _badRequests;
    private int _acks;
    private int _naks;

    /// <summary>RADIUS packets nobody answered after the last try.</summary>
    public int Timeouts => _timeouts;

    /// <summary>RADIUS answers dropped for a wrong authenticator or a missing Message-Authenticator.</summary>
    public int BadReplies => _badReplies;

    /// <summary>CoA and Disconnect orders met with silence.</summary>
    public int BadRequests => _badRequests;

    /// <summary>Orders done.</summary>
    public int Acks => _acks;

    /// <summary>Orders refused.</summary>
    public int Naks => _naks;

    internal void CountAck() => Interlocked.Increment(ref _acks);

    internal void CountNak() => Interlocked.Increment(ref _naks);

    internal void CountTimeout() => Interlocked.Increment(ref _timeouts);

    internal void CountBadReply() => Interlocked.Increment(ref _badReplies);

    internal void CountBadRequest() => Interlocked.Increment(ref _badRequests);
}
