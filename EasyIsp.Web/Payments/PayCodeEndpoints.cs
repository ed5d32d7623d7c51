using System.Globalization;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Web.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Payments;

/// <summary>A code to pay with, on paper.</summary>
internal static class PayCodeEndpoints
{
    public static void MapPayCodes(this IEndpointRouteBuilder endpoints)
        => endpoints.MapGet("/customers/{customerId:guid}/pay-code", SheetAsync).RequireAuthorization(Policies.Of(Permission.PaymentsAsk));

    public static string SheetOf(Guid customerId, decimal amount)
        => string.Create(CultureInfo.InvariantCulture, $"/customers/{customerId}/pay-code?amount={amount:0}");

    private static async Task<RazorComponentResult<PayCodeSheet>> SheetAsync(
        Guid customerId, decimal amount, PayCodes codes, ConsoleSession session, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<PayCodeSheet>(new Dictionary<string, object?>
        {
            [nameof(PayCodeSheet.Tenant)] = session.Tenant,
            [nameof(PayCodeSheet.Outcome)] = await codes.MakeAsync(customerId, amount, cancellationToken),
        });
    }
}
