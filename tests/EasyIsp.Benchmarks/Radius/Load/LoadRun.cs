namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>Carries one order out over all sockets.</summary>
internal sealed class LoadRun
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(20);

    private readonly LoadOrder _order;
    private readonly Party[] _parties;
    private readonly long _startedAt;
    private volatile bool _isSending = true;

    public LoadRun(LoadOrder order, IReadOnlyList<RouterSocket> sockets, IReadOnlyList<Customer> customers)
    {
        _order = order;
        RequestKind[] steps = [.. order.Steps.Select(RequestKind.Named)];
        _parties = [.. sockets.Select((socket, index) => new Party(socket, steps, new Turns(
            [.. customers.Take(order.Customers).Where((_, number) => number % sockets.Count == index)], order.IsOnce)))];
        foreach (var customer in customers.Take(order.Customers))
            Array.ForEach(steps, step => step.Prepare(customer));
        _startedAt = Clock.Now;
    }

    public LoadReport Run()
    {
        var cpu = Environment.CpuUsage.TotalTime;
        foreach (var party in _parties)
            party.Socket.Begin();
        var receivers = _parties.Select((party, index) => new Thread(() => Receive(party, LanesOf(index)))).ToArray();
        foreach (var receiver in receivers)
            receiver.Start();
        if (_order.PerSecond > 0)
            SendAtRate();
        foreach (var receiver in receivers)
            receiver.Join();
        return Report(Environment.CpuUsage.TotalTime - cpu);
    }

    private bool IsOver => Clock.Between(_startedAt, Clock.Now).TotalSeconds >= _order.Seconds;

    /// <summary>The outstanding requests, spread over the sockets.</summary>
    private int LanesOf(int index) => _order.PerSecond > 0
        ? 0
        : (_order.Outstanding / _parties.Length) + (index < _order.Outstanding % _parties.Length ? 1 : 0);

    private void Receive(Party party, int lanes)
    {
        for (var i = 0; i < lanes; i++)
            GoOn(party, new Lane(party.Steps, party.Turns));

        var sweptAt = Clock.Now;
        while (party.Socket.Outstanding > 0 || (_order.PerSecond > 0 && _isSending))
        {
            if (party.Socket.Receive() is { } lane)
                Free(party, lane);

            var now = Clock.Now;
            if (Clock.Between(sweptAt, now) < SweepInterval)
                continue;
            sweptAt = now;
            while (party.Socket.Sweep(_order) is { } lost)
            {
                lost.GiveUp();
                Free(party, lost);
            }
        }
    }

    private void Free(Party party, Lane lane)
    {
        if (_order.PerSecond == 0)
            GoOn(party, lane);
        else
            party.Return(lane);
    }

    private void GoOn(Party party, Lane lane)
    {
        if (!IsOver && lane.TryAdvance())
            party.Socket.TrySend(lane, Clock.Now);
    }

    /// <summary>Each request has its moment, kept or not: what is late because the server was slow has waited since then.</summary>
    private void SendAtRate()
    {
        Pause.BePunctual();
        var interval = (double)TimeProvider.System.TimestampFrequency / _order.PerSecond;
        for (long i = 0; i < _order.Seconds * _order.PerSecond; i++)
        {
            var dueAt = _startedAt + (long)(i * interval);
            Pause.Until(dueAt);
            var party = _parties[i % _parties.Length];
            var lane = party.Take();
            if (!lane.TryAdvance())
                break;
            if (party.Socket.TrySend(lane, dueAt))
                continue;
            party.Unsent++;
            lane.GiveUp();
            Free(party, lane);
        }

        _isSending = false;
    }

    private LoadReport Report(TimeSpan cpu)
    {
        var latencies = new Latencies();
        Tally[] tallies = [.. _parties.Select(party => party.Socket.Tally)];
        foreach (var tally in tallies)
            latencies.Add(tally.Latencies);
        return new LoadReport(
            latencies.Count,
            tallies.Sum(tally => tally.Wrong),
            tallies.Select(tally => tally.Fault).FirstOrDefault(fault => fault is not null),
            tallies.Sum(tally => tally.Repeated),
            tallies.Sum(tally => tally.Lost) + _parties.Sum(party => party.Unsent),
            Clock.Between(_startedAt, Math.Max(_startedAt + 1, tallies.Max(tally => tally.LastAnswerAt))).TotalSeconds,
            cpu.TotalSeconds,
            latencies.Percentile(0.5).TotalMilliseconds,
            latencies.Percentile(0.99).TotalMilliseconds,
            latencies.Max.TotalMilliseconds);
    }

    /// <summary>A socket with its customers; in an open loop with the lanes that wait for their next moment.</summary>
    private sealed class Party(RouterSocket socket, IReadOnlyList<RequestKind> steps, Turns turns)
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Lane> _idle = new();

        public RouterSocket Socket => socket;
        public IReadOnlyList<RequestKind> Steps => steps;
        public Turns Turns => turns;
        public long Unsent { get; set; }

        public Lane Take() => _idle.TryDequeue(out var lane) ? lane : new Lane(steps, turns);

        public void Return(Lane lane) => _idle.Enqueue(lane);
    }
}
