using EasyIsp.Core.Shared;
using EasyIsp.Core.Vouchers;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Components;

namespace EasyIsp.Web.Vouchers;

/// <summary>One batch: how it sells, each of its vouchers, and its codes for print and file.</summary>
public sealed partial class BatchPage
{
    private static readonly (string, string)[] States =
        [("available", "Available"), ("used", "Used"), ("revoked", "Revoked"), ("expired", "Expired")];

    private VoucherBatchRow? _batch;
    private bool _isGone;

    [Parameter] public Guid BatchId { get; set; }

    protected override IReadOnlyCollection<string> WatchedTables { get; } = ["vouchers"];

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _batch = await Lists.BatchAsync(BatchId, cancellationToken);
        _isGone = _batch is null;
    }

    private static RenderFragment Ends(VoucherBatchRow batch) => builder =>
    {
        builder.AddContent(0, batch.Available > 0 ? "unused codes end " : "unused codes ended ");
        builder.OpenComponent<When>(1);
        builder.AddComponentParameter(2, nameof(When.At), (DateTimeOffset?)batch.ExpiresAt);
        builder.CloseComponent();
    };

    private Task<Page<VoucherRow>> LoadVouchersAsync(ListQuery query, CancellationToken cancellationToken)
        => Lists.VouchersAsync(
            new VoucherQuery(
                query.Page,
                BatchId,
                query.Filter<VoucherState>("state"),
                query.Search,
                query.Sort == "used" ? VoucherSort.Redeemed : VoucherSort.Serial,
                query.Descending),
            cancellationToken);

    private async Task RevokeAsync(VoucherRow voucher)
    {
        const string consequence = "Its code opens nothing from now on. Whoever bought it must get another. This cannot be undone.";
        if (!await Dialogs.ConfirmAsync($"Revoke voucher #{voucher.Serial}?", consequence, "Revoke"))
            return;

        if (await Desk.RevokeAsync(voucher.Id, CancellationToken.None))
            Snackbar.Done($"Voucher #{voucher.Serial} is revoked");
        else
            Snackbar.Failed($"Voucher #{voucher.Serial} was used meanwhile; nothing was changed");
    }

    private async Task RevokeAllAsync()
    {
        var consequence = $"{Figures.Count(_batch!.Available, "unused code opens", "unused codes open")} nothing from now on, also those that are "
            + $"printed or sold. {(_batch.Used == 0 ? "" : $"{Figures.Count(_batch.Used, "used voucher is", "used vouchers are")} left alone. ")}This cannot be undone.";
        if (!await Dialogs.ConfirmAsync($"Revoke what is unused of {_batch.Name}?", consequence, $"Revoke {Figures.Count(_batch.Available)}"))
            return;

        var revoked = await Desk.RevokeBatchAsync(BatchId, CancellationToken.None);
        Snackbar.Done($"{Figures.Count(revoked, "voucher is", "vouchers are")} revoked");
    }
}
