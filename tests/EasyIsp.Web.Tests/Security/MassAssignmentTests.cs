using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>A request says what its form asks for, and no more: fields of the model that it adds go nowhere.</summary>
[Collection<Attacked>]
public sealed class MassAssignmentTests(AttackedConsole console)
{
    private const string Word = "smuggled-in";
    private const int Figure = 918273645;

    [Fact]
    public async Task Fields_of_the_model_that_a_request_adds_reach_no_table()
    {
        using var program = await console.ProgramAsync();
        var bodies = await ApiBodies.OfAsync(console);
        var fields = await ModelAsync();
        var before = await console.StateOfAsync(console.NeighbourId);

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.IsOfApi() && ApiBodies.TypeOf(endpoint) is not null))
        {
            var asked = ApiBodies.TypeOf(endpoint)!.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var body = bodies.Of(endpoint);
            foreach (var (name, value) in fields.Where(field => !asked.Contains(field.Key)))
                body[name] = value.DeepClone();
            using var answer = await program.PostOrPutAsync(endpoint.WritingMethods().First(), endpoint.Address(bodies.OwnIdOf(endpoint)), body);
            Assert.True((int)answer.StatusCode < 500, $"{endpoint.Pattern()}: {answer.StatusCode} {await answer.TextAsync()}");
            Assert.True(answer.IsSuccessStatusCode || (int)answer.StatusCode is 400 or 409 or 422, $"{endpoint.Pattern()}: {answer.StatusCode} {await answer.TextAsync()}");
        }

        Assert.Equal("", await console.WhereAsync(Word));
        Assert.Equal("", await console.WhereAsync($"{Figure}"));
        Assert.Equal(before, await console.StateOfAsync(console.NeighbourId));
        Assert.Equal(1L, await console.SqlAsync("select count(*) from staff.users where is_super_admin"));
    }

    /// <summary>Not what the database says, but what it cannot take: U+0000 in each text of each body.</summary>
    [Fact]
    public async Task A_sign_that_no_text_may_hold_is_refused_and_breaks_nothing()
    {
        using var program = await console.ProgramAsync();
        var bodies = await ApiBodies.OfAsync(console);

        foreach (var endpoint in Surface.EndpointsOf(console.Host).Where(endpoint => endpoint.IsOfApi() && ApiBodies.TypeOf(endpoint) is not null))
        {
            foreach (var text in ApiBodies.TypeOf(endpoint)!.GetProperties().Where(property => property.PropertyType == typeof(string)))
            {
                var body = bodies.Of(endpoint);
                body[JsonNamingPolicy.CamelCase.ConvertName(text.Name)] = "a\0b";
                using var answer = await program.PostOrPutAsync(endpoint.WritingMethods().First(), endpoint.Address(bodies.OwnIdOf(endpoint)), body);
                Assert.True((int)answer.StatusCode < 500, $"{endpoint.Pattern()} {text.Name}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Fields_that_a_form_adds_make_nobody_more_than_he_is()
    {
        using var browser = console.Host.Browser();
        var page = await browser.PostFormAsync(
            "/account/sign-in", "/account/sign-in",
            [("_handler", "sign-in"), ("Form.Email", "nobody@savanna.example"), ("Form.Password", "not the password"),
             .. (await ModelAsync()).Select(field => ($"Form.{char.ToUpperInvariant(field.Key[0])}{field.Key[1..]}", Word)).Where(field => field.Item1 is not ("Form.Email" or "Form.Password"))]);

        Assert.Contains("is not right", await page.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("", await console.WhereAsync(Word));
    }

    /// <summary>A form or a request is a type of its own; were it a row of the database, each of its columns could be sent.</summary>
    [Fact]
    public async Task Nothing_that_is_sent_is_bound_to_a_row()
    {
        await using var db = await console.Host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        await using var staff = await console.Host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(CancellationToken.None);
        var rows = db.Model.GetEntityTypes().Concat(staff.Model.GetEntityTypes()).Select(type => type.ClrType).ToHashSet();
        var sent = Surface.EndpointsOf(console.Host).Select(ApiBodies.TypeOf)
            .Concat(Surface.Pages.SelectMany(page => page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(property => property.IsDefined(typeof(SupplyParameterFromFormAttribute))).Select(property => property.PropertyType))
            .Concat(Surface.EndpointsOf(console.Host).SelectMany(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
                .Where(parameter => parameter.IsDefined(typeof(FromFormAttribute))).Select(parameter => parameter.ParameterType))
            .OfType<Type>().ToList();

        Assert.InRange(sent.Count, 15, int.MaxValue);
        Assert.DoesNotContain(sent, rows.Contains);
    }

    /// <summary>Every property of every row, with something in it that can be found again.</summary>
    private async Task<Dictionary<string, JsonNode>> ModelAsync()
    {
        await using var db = await console.Host.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        await using var staff = await console.Host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(CancellationToken.None);
        return db.Model.GetEntityTypes().Concat(staff.Model.GetEntityTypes()).SelectMany(type => type.GetProperties())
            .DistinctBy(property => property.Name.ToUpperInvariant())
            .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => (JsonNode)ValueOf(Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType));
    }

    private JsonValue ValueOf(Type type) => type switch
    {
        _ when type == typeof(bool) => JsonValue.Create(true),
        _ when type == typeof(Guid) => JsonValue.Create(console.NeighbourId),
        _ when type == typeof(decimal) || type == typeof(int) || type == typeof(long) || type == typeof(double) => JsonValue.Create(Figure),
        _ when type == typeof(DateTimeOffset) => JsonValue.Create("2001-02-03T04:05:06Z"),
        _ => JsonValue.Create(Word),
    };
}

internal static class JsonSteps
{
    public static async Task<HttpResponseMessage> PostOrPutAsync(this HttpClient client, string method, string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(body) };
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
