using EasyIsp.Core.Identity;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using EasyIsp.Web.Payments;
using MudBlazor;

namespace EasyIsp.Web.Layout;

/// <summary>One line under the search field: what was found, and where it is.</summary>
internal sealed record SearchResult(string Href, string Icon, string Title, string Detail)
{
    private static readonly (Permission Permission, Findable Kind)[] Kinds =
    [
        (Permission.CustomersView, Findable.Customers),
        (Permission.PaymentsView, Findable.Payments),
        (Permission.RoutersView, Findable.Routers),
        (Permission.SessionsView, Findable.Sessions),
        (Permission.VouchersView, Findable.Vouchers),
    ];

    /// <summary>What the person may see, and so may find.</summary>
    public static Findable FindableBy(ConsoleSession session)
        => Kinds.Where(kind => session.May(kind.Permission)).Aggregate(Findable.None, (all, kind) => all | kind.Kind);

    public static SearchResult Of(Found found, ConsoleSession session) => found switch
    {
        Found.Customer customer => new(
            $"/customers/{customer.Id}",
            Icons.Material.Outlined.Person,
            customer.Name,
            customer.Phone is { } phone ? $"{customer.Number} · {PhoneNumber.ToNational(phone)}" : $"{customer.Number}"),
        Found.Payment payment => new(
            PaymentStates.HrefOf(payment.Id, payment.RequestId),
            Icons.Material.Outlined.Payments,
            payment.Receipt,
            payment.Payer is { } payer ? $"{Figures.Money(payment.Amount, session.Tenant)} from {payer}" : Figures.Money(payment.Amount, session.Tenant)),
        Found.Router router => new($"/routers/{router.Id}", Icons.Material.Outlined.Router, router.Name, $"{router.Address}"),
        Found.Session { Row: var row } => new(
            row.CustomerId is { } customer && session.May(Permission.CustomersView)
                ? $"/customers/{customer}?tab=sessions"
                : $"/sessions?q={Uri.EscapeDataString(row.UserName)}",
            Icons.Material.Outlined.Wifi,
            row.CustomerName ?? row.UserName,
            $"Online at {row.RouterName} · {row.Address}"),
        Found.Voucher { Row: var row } => new(
            $"/vouchers/{row.BatchId}?q={row.Serial}",
            Icons.Material.Outlined.ConfirmationNumber,
            $"Voucher #{row.Serial}",
            $"{row.PackageName} · {row.State.ToString().ToLowerInvariant()}"),
        _ => throw new ArgumentOutOfRangeException(nameof(found), found, "No such kind."),
    };
}
