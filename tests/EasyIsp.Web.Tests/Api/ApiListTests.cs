using System.Net;
using System.Net.Http.Json;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Api;

public sealed class ApiListTests(PostgresServer server)
{
    [Fact]
    public async Task Lists_are_read_stretch_by_stretch_with_nothing_twice_and_nothing_left_out()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var sessions = new List<Guid>();
        for (var i = 0; i < 5; i++)
            sessions.Insert(0, await shop.GoOnlineAsync($"home.{i}"));
        using var client = await shop.ClientAsync(Permission.SessionsView);

        var first = await client.JsonAsync("/api/v1/sessions?limit=2");
        var second = await client.JsonAsync($"/api/v1/sessions?limit=2&after={first.GetProperty("next").GetGuid()}");
        var third = await client.JsonAsync($"/api/v1/sessions?limit=2&after={second.GetProperty("next").GetGuid()}");

        Assert.Equal(sessions.Order().Reverse(), [.. first.Ids(), .. second.Ids(), .. third.Ids()]);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, third.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_session_is_found_filtered_and_ended_by_the_same_order_as_the_consoles_button()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var grace = await shop.CustomerAsync("Grace");
        var session = await shop.GoOnlineAsync(customer: grace);
        var other = await shop.GoOnlineAsync("home.other");
        using var client = await shop.ClientAsync(Permission.SessionsView, Permission.SessionsDisconnect);

        Assert.Equal([session], (await client.JsonAsync($"/api/v1/sessions?customer={grace}")).Ids());
        Assert.Equal([other], (await client.JsonAsync("/api/v1/sessions?search=home.oth")).Ids());
        var one = await client.JsonAsync($"/api/v1/sessions/{session}");
        Assert.Equal(("Grace", 20), (one.GetProperty("customer").GetProperty("name").GetString(), one.GetProperty("downloadedBytes").GetInt64()));

        using var ordered = await client.PostAsync($"/api/v1/sessions/{session}/disconnect", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        var order = await client.JsonAsync(ordered.LocationPath()!);
        Assert.Equal((session, "waiting"), (order.GetProperty("sessionId").GetGuid(), order.GetProperty("state").GetString()));

        await shop.GoOfflineAsync(other);
        Assert.Equal([other], (await client.JsonAsync("/api/v1/sessions/ended")).Ids());
        using var late = await client.PostAsync($"/api/v1/sessions/{other}/disconnect", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
    }

    [Fact]
    public async Task A_customer_is_registered_changed_and_read_and_faults_are_told_by_field()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.CustomersView, Permission.CustomersCreate, Permission.CustomersChange);

        using var refused = await client.PostAsJsonAsync("/api/v1/customers", new { accessType = "pppoe", name = "", phone = "12", username = "grace" }, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode)422, refused.StatusCode);
        Assert.Equal(["name", "phone"], (await refused.JsonAsync()).GetProperty("errors").EnumerateObject().Select(field => field.Name).Order());

        using var made = await client.PostAsJsonAsync("/api/v1/customers", new { accessType = "pppoe", name = "Grace", phone = "0712 345678", username = "grace" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var path = made.LocationPath()!;
        using var changed = await client.PutAsJsonAsync(path, new { name = "Grace Wanjiru", phone = "0712 345678", username = "grace" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var grace = await client.JsonAsync(path);
        Assert.Equal(("Grace Wanjiru", "+254712345678", "nothingBought"), (grace.GetProperty("name").GetString(), grace.GetProperty("phone").GetString(), grace.GetProperty("hindrance").GetString()));
        Assert.DoesNotContain("password", grace.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal([grace.GetProperty("id").GetGuid()], (await client.JsonAsync("/api/v1/customers?search=wanjiru")).Ids());
        Assert.Equal(30, (await client.JsonAsync($"{path}/usage")).GetProperty("days").GetArrayLength());
    }

    [Fact]
    public async Task Routers_packages_and_logins_are_listed()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        var refused = await shop.BeRefusedAsync("home.grace");
        using var client = await shop.ClientAsync(Permission.RoutersView, Permission.PackagesView, Permission.SessionsView);

        var router = (await client.JsonAsync("/api/v1/routers")).GetProperty("items")[0];
        Assert.Equal((shop.RouterId, "neverHeard"), (router.GetProperty("id").GetGuid(), router.GetProperty("state").GetString()));
        Assert.Equal(router.GetRawText(), (await client.JsonAsync($"/api/v1/routers/{shop.RouterId}")).GetRawText());
        Assert.Empty((await client.JsonAsync("/api/v1/packages?accessType=hotspot")).Ids());
        var login = (await client.JsonAsync("/api/v1/logins?kind=wrongNameOrPassword")).GetProperty("items")[0];
        Assert.Equal((refused, "wrongPassword", "The password was wrong"), (login.GetProperty("id").GetGuid(), login.GetProperty("refusal").GetString(), login.GetProperty("why").GetString()));
    }

    [Fact]
    public async Task What_belongs_to_another_company_is_not_there()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        await using var neighbour = await shop.NeighbourAsync();
        var customer = await neighbour.CustomerAsync("Otieno");
        var session = await neighbour.GoOnlineAsync(customer: customer);
        using var client = await shop.ClientAsync(
            Permission.SessionsView, Permission.SessionsDisconnect, Permission.CustomersView, Permission.CustomersCreate, Permission.CustomersChange, Permission.RoutersView);

        foreach (var path in new[] { $"sessions/{session}", $"customers/{customer}", $"customers/{customer}/usage", $"routers/{neighbour.RouterId}" })
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await client.OpenAsync($"/api/v1/{path}")).StatusCode));
        using var disconnect = await client.PostAsync($"/api/v1/sessions/{session}/disconnect", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, disconnect.StatusCode);
        using var change = await client.PutAsJsonAsync($"/api/v1/customers/{customer}", new { name = "Mine", username = "mine" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, change.StatusCode);
        foreach (var path in new[] { "sessions", $"sessions?customer={customer}", "customers", $"sessions?router={neighbour.RouterId}", "sessions/ended", "logins" })
            Assert.Empty((await client.JsonAsync($"/api/v1/{path}")).Ids());
    }

    [Theory]
    [InlineData("logins?kind=nonsense", HttpStatusCode.BadRequest, "kind")]
    [InlineData("sessions?after=nonsense", HttpStatusCode.BadRequest, "after")]
    [InlineData("events?types=nonsense", HttpStatusCode.BadRequest, "session.started")]
    [InlineData("nonsense", HttpStatusCode.NotFound, "Not Found")]
    [InlineData("sessions/nonsense", HttpStatusCode.NotFound, "Not Found")]
    public async Task What_cannot_be_read_is_told_as_a_problem(string path, HttpStatusCode status, string word)
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);

        using var answer = await client.OpenAsync($"/api/v1/{path}");

        Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(word, await answer.TextAsync(), StringComparison.OrdinalIgnoreCase);
    }
}
