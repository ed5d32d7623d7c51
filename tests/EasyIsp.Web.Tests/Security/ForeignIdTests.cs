using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>What is a neighbour's is as if it were not there: on every address, in every filter, in every field that names something.</summary>
[Collection<Attacked>]
public sealed class ForeignIdTests(AttackedConsole console)
{
    [Fact]
    public async Task Every_address_answers_to_a_neighbours_id_as_to_nobodys_and_the_neighbours_rows_stay_as_they_are()
    {
        using var program = await console.ProgramAsync();
        using var browser = await console.BrowserAsync();
        var bodies = await ApiBodies.OfAsync(console);
        var before = await console.StateOfAsync(console.NeighbourId);
        List<string> faults = [];
        var asked = 0;

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.Ids().Any()))
        {
            foreach (var method in endpoint.Methods())
            {
                var client = endpoint.IsOfApi() ? program : browser;
                var theirs = await AskAsync(client, method, endpoint, AttackedConsole.Theirs, bodies);
                var nobodys = await AskAsync(client, method, endpoint, AttackedConsole.Nobodys, bodies);
                asked++;
                if (theirs != nobodys || theirs.Status is >= 500)
                    faults.Add($"{method} {endpoint.Pattern()}: {theirs} instead of {nobodys}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        Assert.InRange(asked, 20, int.MaxValue);
        Assert.Equal(before, await console.StateOfAsync(console.NeighbourId));
    }

    [Fact]
    public async Task Every_field_of_a_request_that_names_something_finds_nothing_of_a_neighbours()
    {
        using var program = await console.ProgramAsync();
        var bodies = await ApiBodies.OfAsync(console);
        var before = await console.StateOfAsync(console.NeighbourId);
        List<string> faults = [];
        var asked = 0;

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.IsOfApi() && ApiBodies.TypeOf(endpoint) is not null))
        {
            // The id of what is to be is the caller's to choose.
            foreach (var field in ApiBodies.IdsIn(ApiBodies.TypeOf(endpoint)!).Where(name => name != "id"))
            {
                var own = bodies.OwnIdOf(endpoint);
                var theirs = await SendAsync(program, endpoint, own, bodies.With(endpoint, field, AttackedConsole.Theirs));
                var nobodys = await SendAsync(program, endpoint, own, bodies.With(endpoint, field, AttackedConsole.Nobodys));
                asked++;
                if (theirs != nobodys || theirs.Status is >= 500 or < 400)
                    faults.Add($"{endpoint.Pattern()} {field}: {theirs} instead of {nobodys}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        Assert.InRange(asked, 4, int.MaxValue);
        Assert.Equal(before, await console.StateOfAsync(console.NeighbourId));
    }

    [Fact]
    public async Task Every_filter_by_a_neighbours_id_shows_what_nobodys_shows()
    {
        using var program = await console.ProgramAsync();
        using var browser = await console.BrowserAsync();
        List<string> faults = [];

        foreach (var endpoint in InjectionTests.Lists(console.Host))
        {
            foreach (var word in Surface.QueryWordsOf(endpoint))
            {
                var client = endpoint.IsOfApi() ? program : browser;
                var theirs = await ReadAsync(client, $"{endpoint.Address(AttackedConsole.Nobodys)}?{word}={AttackedConsole.Theirs}");
                var nobodys = await ReadAsync(client, $"{endpoint.Address(AttackedConsole.Nobodys)}?{word}={AttackedConsole.Nobodys}");
                if (theirs != nobodys || theirs.Status >= 500)
                    faults.Add($"{endpoint.Pattern()}?{word}: {theirs} instead of {nobodys}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
    }

    [Fact]
    public async Task Every_live_page_shows_of_a_neighbours_id_what_it_shows_of_nobodys()
    {
        List<string> faults = [];
        var asked = 0;
        foreach (var page in Surface.LivePages)
        {
            foreach (var address in LivePages.AddressesOf(page).Where(address => address.Contains(":guid", StringComparison.Ordinal)))
            {
                asked++;
                var (theirs, nobodys) = (await ShownAsync(address, AttackedConsole.Theirs), await ShownAsync(address, AttackedConsole.Nobodys));
                if (theirs != nobodys)
                    faults.Add($"{address}: {theirs} instead of {nobodys}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct().Take(60)));
        Assert.InRange(asked, 9, int.MaxValue);
    }

    private async Task<string> ShownAsync(string address, Guid id)
    {
        await using var pages = await LivePages.OpenAsync(console, address.StartsWith("/platform", StringComparison.Ordinal));
        return Anonymous(await pages.ShowAsync(address, id));
    }

    private static async Task<Answer> AskAsync(HttpClient client, string method, RouteEndpoint endpoint, Guid id, ApiBodies bodies)
    {
        if (ApiBodies.TypeOf(endpoint) is not null && method != "GET")
            return await SendAsync(client, endpoint, id, bodies.Of(endpoint));

        using var request = new HttpRequestMessage(new HttpMethod(method), $"{endpoint.Address(id)}?amount=10");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)answer.StatusCode, Anonymous(await answer.TextAsync()));
    }

    private static async Task<Answer> SendAsync(HttpClient client, RouteEndpoint endpoint, Guid id, JsonNode body)
    {
        using var answer = await client.PostOrPutAsync(endpoint.WritingMethods().First(), endpoint.Address(id), body);
        return new Answer((int)answer.StatusCode, Anonymous(await answer.TextAsync()));
    }

    private static async Task<Answer> ReadAsync(HttpClient client, string address)
    {
        using var answer = await client.OpenAsync(address);
        return new Answer((int)answer.StatusCode, Anonymous(await answer.TextAsync()));
    }

    /// <summary>Without what differs from answer to answer by itself, and without the id that was asked for.</summary>
    private static string Anonymous(string text) => InjectionTests.Steady(text)
        .Replace(AttackedConsole.Theirs.ToString(), "ID", StringComparison.OrdinalIgnoreCase)
        .Replace(AttackedConsole.Nobodys.ToString(), "ID", StringComparison.OrdinalIgnoreCase);

    private sealed record Answer(int Status, string Text);
}
