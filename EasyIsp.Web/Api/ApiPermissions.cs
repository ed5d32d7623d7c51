using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Api;

/// <summary>What a token can be given: the permissions that some endpoint asks for, and no others before there is use for them.</summary>
internal static class ApiPermissions
{
    public static IReadOnlyList<Permission> Used { get; } =
    [
        Permission.SessionsView, Permission.SessionsDisconnect, Permission.CustomersView, Permission.CustomersCreate, Permission.CustomersChange,
        Permission.PackagesView, Permission.RoutersView, Permission.PaymentsView, Permission.PaymentsRecord, Permission.PaymentsAsk, Permission.PaymentsPlace,
        Permission.RefundsView, Permission.ReconciliationView, Permission.StaffView, Permission.RolesView,
    ];
}
