using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Hosting;

/// <summary>What the console writes down as it is delivered, told to say as much as it can.</summary>
public sealed class LogTests(PostgresServer server)
{
    private const string Email = "wanjiku@example.com";

    private static readonly KeyValuePair<string, string>[] Talkative =
    [
        new("Serilog:MinimumLevel:Default", "Verbose"),
        new("Serilog:MinimumLevel:Override:EasyIsp", "Verbose"),
        new("Console:PublicUrl", "http://console.example"),
    ];

    [Fact]
    public async Task No_password_code_key_or_token_is_on_a_line_whichever_door_it_came_to()
    {
        using var lines = WrittenLines.Take();
        await using var host = await ConsoleHost.StartAsync(server, settings: Talkative);
        await host.HireAsync(Email, StandardRoles.Support, await host.FoundTenantAsync("savanna"));
        using var browser = host.Browser();
        var secrets = new Dictionary<string, string>
        {
            ["wrong password"] = "grey heron wading", ["right password"] = ConsoleHost.Password, ["code"] = "QK7MP-2Q9XD",
            ["key of a link"] = "WqY3bZk1TtUo9nXhGm2LrVd8", ["new password"] = "green goat climbing", ["token"] = "eisp_2fW9qL7xZr4cVb1nMk8pTy",
            ["credential"] = "c2VjcmV0LW9mLWEtcGFzc2tleQ",
        };

        await browser.SignInAsync(Email, secrets["wrong password"]);
        await browser.SignInAsync(Email);
        await browser.OpenAsync($"/account/new-password?key={secrets["key of a link"]}");
        await browser.OpenAsync($"/account/invitation?key={secrets["key of a link"]}");
        await browser.OpenAsync($"/no-such-page?password={secrets["new password"]}");
        await browser.PostFormAsync("/account/sign-in", "/account/passkeys/sign-in", ("credential", secrets["credential"]));
        await browser.PostFormAsync("/account/sign-in", "/account/passkeys/options", ("password", secrets["new password"]));
        using var program = host.Browser();
        program.DefaultRequestHeaders.Authorization = new("Bearer", secrets["token"]);
        await program.OpenAsync("/api/v1/customers");
        await program.OpenAsync($"/api/v1/customers?search={secrets["code"]}");

        Assert.Contains("\"@t\"", lines.Said, StringComparison.Ordinal);
        foreach (var (name, secret) in secrets)
            Assert.False(lines.Said.Contains(secret, StringComparison.OrdinalIgnoreCase), $"The {name} is in the log.");
    }
}
