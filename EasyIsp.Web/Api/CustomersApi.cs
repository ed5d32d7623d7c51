using EasyIsp.Core.Customers;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Customers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Api;

internal static class CustomersApi
{
    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");
        customers.MapGet("", ListAsync).Needs(Permission.CustomersView).WithSummary("Customers, the newest first");
        customers.MapPost("", RegisterAsync).Needs(Permission.CustomersCreate).WithSummary("Registers a customer");
        customers.MapGet("/{id:guid}", FindAsync).Needs(Permission.CustomersView).WithSummary("One customer: state, package, what is used and what hinders");
        customers.MapPut("/{id:guid}", ChangeAsync).Needs(Permission.CustomersChange).WithSummary("Puts all fields of a customer in the place of those he has");
        customers.MapGet("/{id:guid}/usage", UsageAsync).Needs(Permission.CustomersView).WithSummary("Traffic of the last 30 days, by the company's days");
    }

    /// <param name="search">Name, number, phone in any spelling, user name, device or e-mail.</param>
    private static async Task<ApiPage<CustomerJson>> ListAsync(
        [AsParameters] ApiPageQuery page, string? search, string? state, string? accessType, bool? online, CustomerList list, CancellationToken cancellationToken)
    {
        var query = new CustomerQuery(
            search, ApiChoice.Read<CustomerState>(state, nameof(state)), ApiChoice.Read<AccessType>(accessType, nameof(accessType)), online ?? false);
        return ApiPage<CustomerJson>.Of(await list.ListAsync(query, page.Slice, cancellationToken), CustomerJson.Of, row => row.Id);
    }

    private static async Task<Results<Ok<CustomerFactsJson>, ProblemHttpResult>> FindAsync(Guid id, CustomerOverview overview, CancellationToken cancellationToken)
        => await overview.FindAsync(id, cancellationToken) is { DeletedAt: null } customer
            ? TypedResults.Ok(CustomerFactsJson.Of(customer))
            : ApiProblems.NotFound("customer");

    private static async Task<Results<Created<CustomerFactsJson>, ProblemHttpResult>> RegisterAsync(
        CustomerInput input, CustomerDesk desk, CustomerOverview overview, CancellationToken cancellationToken)
    {
        var outcome = await desk.RegisterAsync(input.ToDraft(), cancellationToken);
        return outcome is RegisterOutcome.Registered { CustomerId: var id } && await overview.FindAsync(id, cancellationToken) is { } customer
            ? TypedResults.Created($"/api/v1/customers/{id}", CustomerFactsJson.Of(customer))
            : ApiProblems.Invalid(FaultsIn(((RegisterOutcome.Refused)outcome).Faults));
    }

    private static async Task<Results<Ok<CustomerFactsJson>, ProblemHttpResult>> ChangeAsync(
        Guid id, CustomerInput input, CustomerDesk desk, CustomerOverview overview, CancellationToken cancellationToken)
    {
        if (await desk.TakeInHandAsync(id, cancellationToken) is not { } known)
            return ApiProblems.NotFound("customer");

        return await desk.ChangeAsync(id, input.ToDraft(), known.Draft, cancellationToken) switch
        {
            ChangeOutcome.Changed => await FindAsync(id, overview, cancellationToken),
            ChangeOutcome.Refused refused => ApiProblems.Invalid(FaultsIn(refused.Faults)),
            ChangeOutcome.ChangedMeanwhile => ApiProblems.Conflict("Somebody changed this customer at the same moment. Read him again, and send what is still to be changed."),
            _ => ApiProblems.NotFound("customer"),
        };
    }

    private static async Task<Results<Ok<UsageJson>, ProblemHttpResult>> UsageAsync(
        Guid id, CustomerOverview overview, CustomerUsage usage, CancellationToken cancellationToken)
        => await overview.FindAsync(id, cancellationToken) is { DeletedAt: null }
            ? TypedResults.Ok(new UsageJson([.. (await usage.ReadAsync(id, cancellationToken)).Select(DayJson.Of)]))
            : ApiProblems.NotFound("customer");

    private static Dictionary<string, string[]> FaultsIn(IEnumerable<CustomerFault> faults)
        => faults.GroupBy(FieldOf).ToDictionary(field => field.Key, field => field.Select(CustomerWords.Of).ToArray());

    private static string FieldOf(CustomerFault fault) => fault switch
    {
        CustomerFault.Position => "latitude",
        CustomerFault.UsernameTaken => "username",
        _ => char.ToLowerInvariant(fault.ToString()[0]) + fault.ToString()[1..],
    };
}
