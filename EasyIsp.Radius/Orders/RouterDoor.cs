namespace EasyIsp.Radius.Orders;

/// <summary>
/// The way to one router. Few orders are under way to it at once; and when several in a row met with silence it is taken
/// for dead: its other orders wait for later without spending their patience on it, and now and then one of them, a
/// probe, tries again. Any answer, a refusal too, opens the way.
/// </summary>
internal sealed class RouterDoor(TimeProvider clock) : IDisposable
{
    /// <summary>Orders under way to one router: its CoA service is one small thread.</summary>
    public const int AtOnce = 8;

    /// <summary>Silent orders in a row, each of three transmissions, that make a router dead.</summary>
    public const int SilencesOfTheDead = 3;

    /// <summary>How long a dead router is left alone between two probes.</summary>
    public static readonly TimeSpan ShutFor = TimeSpan.FromSeconds(30);

    /// <summary>What a probe takes at the longest.</summary>
    private static readonly TimeSpan ProbeTakes = CoaClient.Transmissions * CoaClient.Patience + TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly Lock _gate = new();
    private int _inside;
    private int _silences;
    private DateTimeOffset? _shutUntil;
    private bool _isProbed;

    /// <summary>Orders taken for this router and not finished.</summary>
    public int Inside => Volatile.Read(ref _inside);

    public bool IsShut
    {
        get
        {
            lock (_gate)
                return _shutUntil is not null;
        }
    }

    public void Arrive() => Interlocked.Increment(ref _inside);

    public void Leave() => Interlocked.Decrement(ref _inside);

    /// <returns>Null when no place became free in this time.</returns>
    public async Task<Place?> EnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(patience, cancellationToken))
            return null;

        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_shutUntil is not { } until)
                return new Place(this, isProbe: false, shutUntil: null);
            if (now < until || _isProbed)
                return new Place(this, isProbe: false, now < until ? until : now + ProbeTakes);

            _isProbed = true;
            return new Place(this, isProbe: true, shutUntil: null);
        }
    }

    public void Dispose() => _places.Dispose();

    private void Heard(bool wasSilent)
    {
        lock (_gate)
        {
            if (!wasSilent)
                (_silences, _shutUntil) = (0, null);
            else if (++_silences >= SilencesOfTheDead)
                _shutUntil = clock.GetUtcNow() + ShutFor;
        }
    }

    private void Exit(bool wasProbe)
    {
        lock (_gate)
            _isProbed &= !wasProbe;
        _places.Release();
    }

    /// <summary>One order's turn; disposing of it lets the next one in.</summary>
    internal sealed class Place(RouterDoor door, bool isProbe, DateTimeOffset? shutUntil) : IDisposable
    {
        /// <summary>Set where the router is taken for dead and must not be asked: when it may be asked again.</summary>
        public DateTimeOffset? ShutUntil => shutUntil;

        /// <summary>What came of asking the router.</summary>
        public void Heard(CoaAnswer answer)
        {
            if (answer is not CoaAnswer.NotSent)
                door.Heard(answer is CoaAnswer.Silence);
        }

        public void Dispose() => door.Exit(isProbe);
    }
}
