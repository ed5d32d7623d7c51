namespace EasyIsp.Emulators.Demonstration;

/// <summary>A clock that the seed sets: what it writes is as old as it says.</summary>
internal sealed class SeedClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;

    public void Set(DateTimeOffset now) => _now = now;
}
