using EasyIsp.Core.Customers;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Customers;

public sealed class CustomerDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly CustomerDraft Home = new(AccessType.Pppoe, "Grace Wanjiru", "0712 345 678", Username: "Grace.W");

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_home_customer_gets_a_number_a_normal_phone_and_a_password_that_nobody_typed()
    {
        var registered = Assert.IsType<RegisterOutcome.Registered>(await RegisterAsync(Home));

        var customer = await FindAsync(registered.CustomerId);
        Assert.Equal(1001, registered.Number);
        Assert.Equal("+254712345678", customer.Phone);
        Assert.Equal("grace.w", customer.Username);
        Assert.True(Codec.Reveal(_world.TenantId, customer.Password!).Length >= CustomerRules.MinPasswordLength);
        Assert.Equal(["customer.register"], await ActionsAsync(registered.CustomerId));
    }

    [Fact]
    public async Task A_hotspot_customer_is_named_by_the_number_and_has_no_password()
    {
        var registered = Assert.IsType<RegisterOutcome.Registered>(
            await RegisterAsync(new CustomerDraft(AccessType.Hotspot, "Otieno", "+254 733 123456")));

        var customer = await FindAsync(registered.CustomerId);
        Assert.Equal("c1001", customer.Username);
        Assert.Null(customer.Password);
    }

    [Fact]
    public async Task A_user_name_is_taken_in_any_spelling_of_its_case_and_nothing_is_written()
    {
        await RegisterAsync(Home);

        var refused = Assert.IsType<RegisterOutcome.Refused>(await RegisterAsync(Home with { Username = "GRACE.w" }));

        Assert.Equal([CustomerFault.UsernameTaken], refused.Faults);
        Assert.Equal(1, await _world.ReadAsync(db => db.Customers.CountAsync()));
        Assert.Equal(1, await _world.ReadAsync(db => db.AuditEvents.CountAsync()));
    }

    [Fact]
    public async Task Another_tenant_may_use_the_same_user_name()
    {
        await RegisterAsync(Home);
        var other = await _world.FoundTenantAsync("mara", "Mara Wireless");

        var outcome = await _world.AsTenantAsync<CustomerDesk, RegisterOutcome>(other, desk => desk.RegisterAsync(Home, CancellationToken.None));

        Assert.IsType<RegisterOutcome.Registered>(outcome);
    }

    [Fact]
    public async Task A_correction_keeps_the_password_unless_a_new_one_is_given()
    {
        var id = await RegisterHomeAsync(Home with { Password = "first-secret" });

        Assert.IsType<ChangeOutcome.Changed>(await ChangeAsync(id, draft => draft with { Name = "Grace W. Kamau" }));
        Assert.Equal("first-secret", await RevealAsync(id));
        Assert.IsType<ChangeOutcome.Changed>(await ChangeAsync(id, draft => draft with { Password = "second-secret" }));
        Assert.Equal("second-secret", await RevealAsync(id));
        Assert.Equal("Grace W. Kamau", (await FindAsync(id)).Name);
    }

    [Fact]
    public async Task Who_comes_back_after_somebody_elses_change_is_told_and_overwrites_nothing()
    {
        var id = await RegisterHomeAsync(Home);
        var mine = (await TakeInHandAsync(id))!;
        await ChangeAsync(id, draft => draft with { Name = "Theirs" });

        var outcome = await _world.AsTenantAsync<CustomerDesk, ChangeOutcome>(
            desk => desk.ChangeAsync(id, mine.Draft with { Name = "Mine" }, mine.Draft, CancellationToken.None));

        Assert.IsType<ChangeOutcome.ChangedMeanwhile>(outcome);
        Assert.Equal("Theirs", (await FindAsync(id)).Name);
    }

    [Fact]
    public async Task A_customer_whose_device_is_seen_meanwhile_may_still_be_changed()
    {
        var id = await RegisterHomeAsync(Home);
        var mine = (await TakeInHandAsync(id))!;
        await _world.WriteAsync(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == id)).SeenWith("AA:BB:CC:DD:EE:01");
            return id;
        });

        var outcome = await _world.AsTenantAsync<CustomerDesk, ChangeOutcome>(
            desk => desk.ChangeAsync(id, mine.Draft with { Name = "Mine" }, mine.Draft, CancellationToken.None));

        Assert.IsType<ChangeOutcome.Changed>(outcome);
        Assert.Equal(("Mine", "AA:BB:CC:DD:EE:01"), ((await FindAsync(id)).Name, (await FindAsync(id)).MacAddress));
    }

    [Fact]
    public async Task Every_look_at_a_password_is_written_down_without_the_password()
    {
        var id = await RegisterHomeAsync(Home with { Password = "first-secret" });

        await RevealAsync(id);

        var look = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(a => a.Action == "customer.reveal-password"));
        Assert.Equal(id, look.SubjectId);
        Assert.Null(look.Details);
    }

    [Fact]
    public async Task A_correction_is_audited_by_the_names_of_what_changed_alone()
    {
        var id = await RegisterHomeAsync(Home);

        await ChangeAsync(id, draft => draft with { Notes = "Gate code 4471", Password = "second-secret" });

        var deed = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(a => a.Action == "customer.change"));
        var details = deed.Details!.RootElement.GetRawText();
        Assert.Contains(nameof(Customer.Notes), details);
        Assert.DoesNotContain("4471", details);
        Assert.DoesNotContain("second", details);
    }

    [Theory]
    [InlineData(" ", null, "home1", null, CustomerFault.Name)]
    [InlineData("A", "12", "home1", null, CustomerFault.Phone)]
    [InlineData("A", null, "", null, CustomerFault.Username)]
    [InlineData("A", null, "two words", null, CustomerFault.Username)]
    [InlineData("A", null, "c1005", null, CustomerFault.Username)]
    [InlineData("A", null, "home1", "seven77", CustomerFault.Password)]
    [InlineData("A", null, "home1", "with a blank", CustomerFault.Password)]
    public void What_cannot_stand_is_named(string name, string? phone, string username, string? password, CustomerFault fault)
        => Assert.Equal([fault], CustomerRules.FaultsIn(new(AccessType.Pppoe, name, phone, Username: username, Password: password), "KE"));

    [Theory]
    [InlineData("grace", CustomerFault.Email)]
    [InlineData("Grace <g@x.ke>", CustomerFault.Email)]
    public void An_e_mail_address_stands_alone(string email, CustomerFault fault)
        => Assert.Equal([fault], CustomerRules.FaultsIn(new(AccessType.Hotspot, "A", Email: email), "KE"));

    [Fact]
    public void A_position_is_whole_or_absent()
    {
        Assert.Equal([CustomerFault.Position], CustomerRules.FaultsIn(new(AccessType.Hotspot, "A", Latitude: -1.28), "KE"));
        Assert.Equal([CustomerFault.Position], CustomerRules.FaultsIn(new(AccessType.Hotspot, "A", Latitude: -91, Longitude: 36), "KE"));
        Assert.Empty(CustomerRules.FaultsIn(new(AccessType.Hotspot, "A", Latitude: -1.28, Longitude: 36.8), "KE"));
    }

    [Fact]
    public async Task A_deleted_customer_keeps_no_secret_of_those_that_the_model_has()
    {
        var id = await RegisterHomeAsync(Home);
        await _world.WriteAsync(async db =>
        {
            var customer = await db.Customers.SingleAsync(c => c.Id == id);
            customer.Delete(_world.Clock.GetUtcNow());
            var secrets = db.Entry(customer).Properties.Where(property => property.Metadata.ClrType == typeof(Secret)).ToList();
            Assert.NotEmpty(secrets);
            Assert.All(secrets, secret => Assert.Null(secret.CurrentValue));
            return 0;
        });

        Assert.Null(await RevealAsync(id));
    }

    private SecretCodec Codec => _world.Services.GetRequiredService<SecretCodec>();

    private Task<RegisterOutcome> RegisterAsync(CustomerDraft draft)
        => _world.AsTenantAsync<CustomerDesk, RegisterOutcome>(desk => desk.RegisterAsync(draft, CancellationToken.None));

    private async Task<Guid> RegisterHomeAsync(CustomerDraft draft)
        => Assert.IsType<RegisterOutcome.Registered>(await RegisterAsync(draft)).CustomerId;

    private Task<CustomerInHand?> TakeInHandAsync(Guid id)
        => _world.AsTenantAsync<CustomerDesk, CustomerInHand?>(desk => desk.TakeInHandAsync(id, CancellationToken.None));

    private async Task<ChangeOutcome> ChangeAsync(Guid id, Func<CustomerDraft, CustomerDraft> change)
    {
        var inHand = (await TakeInHandAsync(id))!;
        return await _world.AsTenantAsync<CustomerDesk, ChangeOutcome>(
            desk => desk.ChangeAsync(id, change(inHand.Draft), inHand.Draft, CancellationToken.None));
    }

    private Task<string?> RevealAsync(Guid id)
        => _world.AsTenantAsync<CustomerDesk, string?>(desk => desk.RevealPasswordAsync(id, CancellationToken.None));

    private Task<Customer> FindAsync(Guid id) => _world.ReadAsync(db => db.Customers.SingleAsync(c => c.Id == id));

    private Task<List<string>> ActionsAsync(Guid subject)
        => _world.ReadAsync(db => db.AuditEvents.Where(a => a.SubjectId == subject).Select(a => a.Action).ToListAsync());
}
