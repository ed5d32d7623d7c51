using System.Text.Json;
using System.Text.Json.Nodes;
using EasyIsp.Core.Payments;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace EasyIsp.Web.Tests.Security;

/// <summary>For each address of the API that takes a body one that it takes; an address that is new has to be given one here.</summary>
internal sealed class ApiBodies
{
    private readonly Dictionary<string, (Guid OwnId, Func<JsonObject> Body)> _bodies;
    private int _number;

    private ApiBodies(Guid customer, Guid deposit, Guid drawer, Guid package)
    {
        _bodies = new(StringComparer.Ordinal)
        {
            ["POST /api/v1/customers"] = (Guid.Empty, () => new JsonObject { ["accessType"] = "pppoe", ["name"] = $"Probe {++_number}", ["username"] = $"probe.{Random.Shared.Next()}" }),
            ["PUT /api/v1/customers/{id:guid}"] = (customer, () => new JsonObject { ["accessType"] = "pppoe", ["name"] = "Grace", ["username"] = "grace.probe" }),
            ["POST /api/v1/payments"] = (Guid.Empty, () => new JsonObject
            {
                ["id"] = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), ["customerId"] = customer, ["accountId"] = drawer, ["amount"] = 10, ["reference"] = $"P{Random.Shared.Next()}",
            }),
            ["POST /api/v1/suspense/{id:guid}/place"] = (deposit, () => new JsonObject { ["customerId"] = customer, ["reason"] = "He called" }),
            ["POST /api/v1/customers/{id:guid}/prompts"] = (customer, () => new JsonObject { ["packageId"] = package, ["phone"] = "0712345678" }),
        };
    }

    public static async Task<ApiBodies> OfAsync(AttackedConsole console)
    {
        var drawer = await console.AsAdminAsync<CounterAccounts, Guid?>(accounts => accounts.OpenAsync(new NewCounterAccount($"Drawer {Random.Shared.Next()}", Rail.Cash), CancellationToken.None));
        return new ApiBodies(
            await console.OwnAsync("customers", "access_type = 'Pppoe' and deleted_at is null"),
            await console.OwnAsync("payments", "customer_id is null"),
            drawer!.Value,
            await console.OwnAsync("packages", "access_type = 'Pppoe'"));
    }

    /// <summary>Null where it takes none.</summary>
    public static Type? TypeOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    public static IEnumerable<string> IdsIn(Type body) => body.GetProperties()
        .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(Guid))
        .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

    public Guid OwnIdOf(RouteEndpoint endpoint) => Find(endpoint).OwnId;

    public JsonObject Of(RouteEndpoint endpoint) => Find(endpoint).Body();

    /// <summary>With another id in one field, and without what would contradict it.</summary>
    public JsonObject With(RouteEndpoint endpoint, string field, Guid id)
    {
        var body = Of(endpoint);
        if (field == "promptId")
            body.Remove("customerId");
        body[field] = id;
        return body;
    }

    private (Guid OwnId, Func<JsonObject> Body) Find(RouteEndpoint endpoint)
    {
        var key = $"{endpoint.WritingMethods().First()} {endpoint.Pattern()}";
        Assert.True(_bodies.TryGetValue(key, out var body), $"{key} takes a body and has none in {nameof(ApiBodies)}.");
        return body;
    }
}
