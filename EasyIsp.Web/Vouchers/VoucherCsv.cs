using System.Globalization;
using System.Text;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Vouchers;

/// <summary>A batch's codes as a file (RFC 4180): one line a voucher, for a printer's mail merge or a till.</summary>
internal static class VoucherCsv
{
    public static async Task WriteAsync(
        Stream stream, VoucherBatchRow batch, IAsyncEnumerable<PrintedVoucher> vouchers, Tenant tenant, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync("Serial,Code,Package,Price,Currency,Valid until");
        var package = Csv.Quoted(batch.PackageName);
        var price = batch.Price.ToString("0.##", CultureInfo.InvariantCulture);
        await foreach (var voucher in vouchers.WithCancellation(cancellationToken))
        {
            var validUntil = TimeZoneInfo.ConvertTime(voucher.ExpiresAt, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            await writer.WriteLineAsync($"{voucher.Serial},{voucher.Code},{package},{price},{tenant.Currency},{validUntil}");
        }
    }
}
