using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Sessions;

public sealed class PlacesTests
{
    private static readonly Guid Tenant = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Ali = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid Mast = new("00000000-0000-0000-0000-0000000000aa");

    private readonly FakeTimeProvider _clock = new();
    private readonly Places _places;

    public PlacesTests() => _places = new Places(_clock);

    [Fact]
    public void A_device_that_logs_in_again_and_again_before_its_session_begins_has_one_place()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.True(_places.TryTake(Login("phone")));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _places.Count);
        Assert.False(_places.TryTake(Login("laptop")));
    }

    [Fact]
    public void Only_the_last_of_its_logins_is_known_by_its_class()
    {
        var (first, second) = (Login("phone"), Login("phone"));
        _places.TryTake(first);
        var firstClass = first.SessionId;
        _places.TryTake(second);

        Assert.Null(_places.Hear(Tenant, firstClass));
        Assert.NotNull(_places.Hear(Tenant, second.SessionId));
    }

    [Fact]
    public void A_login_that_no_session_follows_frees_its_place_soon_and_is_forgotten_in_time()
    {
        _places.TryTake(Login("phone"));
        _clock.Advance(Places.StartsWithin);
        Assert.True(_places.TryTake(Login("laptop")));

        _clock.Advance(Places.Memory);
        _places.TryTake(Login("tablet", customer: Guid.CreateVersion7()));
        Assert.Equal(1, _places.Count);
    }

    [Fact]
    public void A_login_that_was_renewed_is_remembered_from_then_on()
    {
        _places.TryTake(Login("phone"));
        _clock.Advance(Places.Memory / 2);
        var again = Login("phone");
        _places.TryTake(again);
        _clock.Advance(Places.Memory / 2);
        _places.TryTake(Login("tablet", customer: Guid.CreateVersion7()));

        Assert.NotNull(_places.Hear(Tenant, again.SessionId));
    }

    [Fact]
    public void A_session_takes_its_place_until_it_ends()
    {
        var phone = Login("phone");
        _places.TryTake(phone);
        _places.Hear(Tenant, phone.SessionId);
        _clock.Advance(Places.Memory * 10);
        Assert.False(_places.TryTake(Login("laptop")));

        _places.Free(Tenant, phone.SessionId);
        Assert.True(_places.TryTake(Login("laptop")));
    }

    [Fact]
    public void Another_tenants_report_frees_no_place()
    {
        var phone = Login("phone");
        _places.TryTake(phone);
        _places.Free(Guid.CreateVersion7(), phone.SessionId);

        Assert.False(_places.TryTake(Login("laptop")));
    }

    [Fact]
    public void A_silent_session_frees_its_place_until_it_is_heard()
    {
        var phone = Login("phone");
        _places.TryTake(phone);
        _places.Hear(Tenant, phone.SessionId);
        _places.Correct(Ali, living: []);
        Assert.False(_places.TryTake(Login("laptop"))); // so young that the database may not have heard of it yet

        _clock.Advance(Places.StartsWithin);
        _places.Correct(Ali, living: []);
        Assert.True(_places.TryTake(Login("laptop")));

        _places.Hear(Tenant, phone.SessionId);
        Assert.False(_places.TryTake(Login("tablet")));
    }

    [Fact]
    public void What_ended_while_the_database_was_being_read_does_not_come_back()
    {
        var session = Session("phone");
        var ended = _places.BeginReading();
        _places.Free(Tenant, session.SessionId);
        _places.Open(session, ended);
        _places.EndReading(ended);

        Assert.Equal(0, _places.Count);
    }

    [Fact]
    public void More_sessions_than_places_are_told()
    {
        var phone = Login("phone");
        _places.TryTake(phone);
        _places.Open(phone);
        Assert.False(_places.Crowded.TryRead(out _));

        _places.Open(Session("laptop"));
        Assert.True(_places.Crowded.TryRead(out var crowd));
        Assert.Equal((Ali, 1), (crowd.CustomerId, crowd.Limit.Count));
    }

    [Fact]
    public void One_that_pushes_out_is_always_let_in()
    {
        Assert.True(_places.TryTake(Login("phone", pushesOut: true)));
        Assert.True(_places.TryTake(Login("laptop", pushesOut: true)));
    }

    private Place Login(string mac, bool pushesOut = false, Guid? customer = null)
        => new(Tenant, customer ?? Ali, Guid.CreateVersion7(_clock.GetUtcNow()), Mast, mac, _clock.GetUtcNow())
        {
            Owner = new SessionOwner("ali", customer ?? Ali),
            Limit = new PlaceLimit(1, pushesOut),
        };

    private Place Session(string mac)
        => new(Tenant, Ali, Guid.CreateVersion7(_clock.GetUtcNow()), Mast, mac, _clock.GetUtcNow()) { HasStarted = true };
}
