using EasyIsp.Core.Identity;
using EasyIsp.Web.Access;
using MudBlazor;

namespace EasyIsp.Web.Layout;

/// <summary>One place of the console.</summary>
/// <param name="Policy">Who sees it.</param>
/// <param name="OnPhone">Among the four that a phone shows at the bottom.</param>
/// <param name="IsRoot">Stands at the root of its area, which every address there begins with.</param>
public sealed record Place(string Name, string Href, string Icon, string Policy, bool OnPhone = false, bool IsRoot = false)
{
    public bool IsCurrent(string path) => path == Href || (!IsRoot && path.StartsWith(Href + "/", StringComparison.Ordinal));
}

/// <summary>
/// The places in their order: Today, Customers, Sessions, Packages, Vouchers, Money, Network, Messages, Settings. A
/// feature adds its line here when its page exists.
/// </summary>
internal static class Navigation
{
    public static IReadOnlyList<Place> Tenant { get; } =
    [
        new("Today", "/", Icons.Material.Outlined.SpaceDashboard, Policies.Member, OnPhone: true, IsRoot: true),
        new("Customers", "/customers", Icons.Material.Outlined.People, Policies.Of(Permission.CustomersView), OnPhone: true),
        new("Sessions", "/sessions", Icons.Material.Outlined.Wifi, Policies.Of(Permission.SessionsView), OnPhone: true),
        new("Packages", "/packages", Icons.Material.Outlined.Sell, Policies.Of(Permission.PackagesView)),
        new("Vouchers", "/vouchers", Icons.Material.Outlined.ConfirmationNumber, Policies.Of(Permission.VouchersView)),
        new("Money", "/payments", Icons.Material.Outlined.Payments, Policies.Of(Permission.PaymentsView), OnPhone: true),
        new("Network", "/routers", Icons.Material.Outlined.Router, Policies.Of(Permission.RoutersView)),
        new("Messages", "/messages", Icons.Material.Outlined.Sms, Policies.Of(Permission.MessagesView)),
        new("Settings", "/settings", Icons.Material.Outlined.Settings, Policies.Of(Permission.SettingsView)),
    ];

    public static IReadOnlyList<Place> Platform { get; } =
    [
        new("Tenants", "/platform", Icons.Material.Outlined.Domain, Policies.SuperAdmin, OnPhone: true, IsRoot: true),
        new("Unknown routers", "/platform/unknown-routers", Icons.Material.Outlined.DeviceUnknown, Policies.SuperAdmin, OnPhone: true),
    ];
}
