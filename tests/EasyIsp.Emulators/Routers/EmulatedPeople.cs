namespace EasyIsp.Emulators.Routers;

/// <summary>A customer with what it signs in with.</summary>
public sealed record Person(SessionService Service, string Username, string Password)
{
    public override string ToString() => Username;
}

/// <summary>Who lives behind a router, and how.</summary>
public sealed class EmulatedPeopleOptions
{
    public IList<Person> People { get; } = [];

    /// <summary>The mean time online; each stay is drawn between a half and one and a half of it. PPPoE stays four times as long.</summary>
    public TimeSpan MeanStay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The mean time between two stays, drawn alike.</summary>
    public TimeSpan MeanAway { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often they act and their counters grow.</summary>
    public TimeSpan Step { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The highest share of their rate that they use at one moment.</summary>
    public double BusiestLoad { get; set; } = 0.6;

    /// <summary>How often a password is mistyped.</summary>
    public double Slips { get; set; }

    /// <summary>The same seed gives the same lives.</summary>
    public int Seed { get; set; } = 1;
}

/// <summary>
/// People who come, browse and leave, so that a demonstration is alive. They have what they need and buy nothing. A person who is refused, or thrown off, comes again after a while.
/// </summary>
public sealed class EmulatedPeople(EmulatedRouter router, EmulatedPeopleOptions options, TimeProvider clock)
{
    private const int PppoeStayFactor = 4;

    private readonly Random _random = new(options.Seed);
    private readonly List<Life> _lives = [];

    /// <summary>Runs until cancelled; everybody stays online then, as they were.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var steps = new PeriodicTimer(options.Step, clock);
        try
        {
            do
            {
                await StepAsync(cancellationToken);
            }
            while (await steps.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demonstration ends.
        }
    }

    /// <summary>One step for everybody, at the clock's present time.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var person in options.People.Skip(_lives.Count))
            _lives.Add(new Life(person, MacOf(_lives.Count)) { NextChangeAt = now + (_random.NextDouble() * options.MeanAway) });

        foreach (var life in _lives)
        {
            if (life.Session is { EndedBy: null } session)
                Live(life, session, now);
            else if (life.Session is not null)
                Rest(life, now);
            else if (life.NextChangeAt <= now)
                await ArriveAsync(life, now, cancellationToken);
        }
    }

    private void Live(Life life, EmulatedSession session, DateTimeOffset now)
    {
        router.Browse(session, now - life.LastStepAt, _random.NextDouble() * options.BusiestLoad);
        life.LastStepAt = now;
        if (life.NextChangeAt > now)
            return;

        router.Disconnect(session);
        Rest(life, now);
    }

    private void Rest(Life life, DateTimeOffset now)
        => (life.Session, life.NextChangeAt) = (null, now + Around(options.MeanAway));

    private async Task ArriveAsync(Life life, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var person = life.Person;
        if (options.Slips > 0 && _random.NextDouble() < options.Slips)
            person = person with { Password = person.Password[..^1] };
        var outcome = person.Service is SessionService.Hotspot
            ? await router.LoginAsync(life.Mac, person.Username, person.Password, cancellationToken)
            : await router.DialPppoeAsync(person.Username, person.Password, life.Mac, cancellationToken);
        var stay = person.Service is SessionService.Hotspot ? options.MeanStay : options.MeanStay * PppoeStayFactor;
        life.Session = outcome.Session;
        life.LastStepAt = now;
        life.NextChangeAt = now + Around(outcome.IsOnline ? stay : options.MeanAway);
    }

    private TimeSpan Around(TimeSpan mean) => mean * (0.5 + _random.NextDouble());

    private string MacOf(int index) => $"BC:24:11:{options.Seed & 0xFF:X2}:{index >> 8:X2}:{index & 0xFF:X2}";

    private sealed class Life(Person person, string mac)
    {
        public Person Person { get; } = person;
        public string Mac { get; } = mac;
        public EmulatedSession? Session { get; set; }
        public DateTimeOffset NextChangeAt { get; set; }
        public DateTimeOffset LastStepAt { get; set; }
    }
}
