using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Api;

/// <summary>What a token can be given: the permissions that some endpoint asks for, and no others before there is use for them.</summary>
internal static class ApiPermissions
{
    public static IReadOnlyList<Permission> Used { get; } =
    [
        Permission.SessionsView, Permission.SessionsDisconnect, Permission.CustomersView, Permission.CustomersManage,
        Permission.PackagesView, Permission.RoutersView, Permission.PaymentsView, Permission.PaymentsRecord, Permission.PaymentsManage,
    ];

    public static string InWords(Permission permission) => permission switch
    {
        Permission.SessionsView => "See sessions and logins, and follow them live",
        Permission.SessionsDisconnect => "Disconnect sessions",
        Permission.CustomersView => "See customers and what they use",
        Permission.CustomersManage => "Add and change customers",
        Permission.PackagesView => "See packages",
        Permission.RoutersView => "See routers",
        Permission.PaymentsView => "See payments, prompts and what waits in suspense",
        Permission.PaymentsRecord => "Take payments, and ask customers to pay",
        Permission.PaymentsManage => "Say whose money is that waits in suspense",
        _ => permission.ToString(),
    };
}
