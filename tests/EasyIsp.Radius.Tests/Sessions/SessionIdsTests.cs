using EasyIsp.Radius.Sessions;

namespace EasyIsp.Radius.Tests.Sessions;

public sealed class SessionIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_is_a_uuid_of_version_7_of_its_moment()
    {
        var id = SessionIds.New(Now);

        Assert.Equal((7, 0b10), (id.Version, id.Variant >> 2));
        Assert.Equal(Guid.CreateVersion7(Now).ToString()[..14], id.ToString()[..14]);
    }

    [Fact]
    public void No_two_are_the_same_on_whichever_thread()
    {
        var ids = new Guid[4][];
        Parallel.For(0, ids.Length, thread => ids[thread] = [.. Enumerable.Range(0, 5_000).Select(_ => SessionIds.New(Now))]);

        Assert.Equal(20_000, ids.SelectMany(made => made).Distinct().Count());
    }
}
