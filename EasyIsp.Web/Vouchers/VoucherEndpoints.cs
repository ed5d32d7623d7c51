using EasyIsp.Core.Identity;
using EasyIsp.Core.Vouchers;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Vouchers;

/// <summary>Where codes leave the console: as a sheet for paper and as a file. Both reveals are audited by <see cref="VoucherDesk"/>.</summary>
internal static class VoucherEndpoints
{
    public static void MapVouchers(this IEndpointRouteBuilder endpoints)
    {
        var batch = endpoints.MapGroup("/vouchers/{batchId:guid}").RequireAuthorization(Policies.Of(Permission.VouchersExport));
        batch.MapGet("/sheet", SheetAsync);
        batch.MapGet("/codes.csv", CsvAsync);
    }

    private static async Task<Results<RazorComponentResult<VoucherSheet>, NotFound>> SheetAsync(
        Guid batchId, VoucherLists lists, VoucherDesk desk, ConsoleSession session, IConfiguration configuration, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await lists.BatchAsync(batchId, cancellationToken) is not { } batch)
            return TypedResults.NotFound();

        response.Headers.CacheControl = "no-store";
        var portal = await PortalAddressAsync(lists, configuration, cancellationToken);
        var vouchers = await desk.RevealCodesAsync(batchId, cancellationToken).ToListAsync(cancellationToken);
        return new RazorComponentResult<VoucherSheet>(new Dictionary<string, object?>
        {
            [nameof(VoucherSheet.Tenant)] = session.Tenant,
            [nameof(VoucherSheet.Batch)] = batch,
            [nameof(VoucherSheet.Vouchers)] = vouchers,
            [nameof(VoucherSheet.PortalAddress)] = portal,
        });
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> CsvAsync(
        Guid batchId, VoucherLists lists, VoucherDesk desk, ConsoleSession session, HttpContext http, CancellationToken cancellationToken)
    {
        if (await lists.BatchAsync(batchId, cancellationToken) is not { } batch)
            return TypedResults.NotFound();

        return Csv.File(
            http,
            $"vouchers-{batch.CreatedAt:yyyy-MM-dd}-{batch.Count}.csv",
            stream => VoucherCsv.WriteAsync(stream, batch, desk.RevealCodesAsync(batchId, cancellationToken), session.Tenant, cancellationToken));
    }

    /// <returns>What a person can type into a browser, without the scheme; null when no portal is set up.</returns>
    private static async Task<string?> PortalAddressAsync(VoucherLists lists, IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (configuration.PortalUrl() is not { } portal)
            return null;

        return await lists.OnlyPortalAsync(cancellationToken) is { } code ? $"{portal.Authority}/h/{code}" : portal.Authority;
    }
}
