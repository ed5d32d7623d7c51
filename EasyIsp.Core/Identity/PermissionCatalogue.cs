using System.Collections.Frozen;

namespace EasyIsp.Core.Identity;

/// <summary>What is done with a feature's things; the columns of the roles' table, in their order.</summary>
public enum PermissionVerb
{
    View,
    Create,
    Change,
    Delete,
    Approve,
    Export,
}

/// <summary>One permission in words.</summary>
/// <param name="Verb">Null for a special one, which fits no column.</param>
/// <param name="Name">What a person may who has it.</param>
/// <param name="Opens">The pages, buttons and endpoints that ask for it.</param>
/// <param name="Needs">Without this one it is of no use; null when it stands by itself.</param>
public sealed record PermissionDefinition(
    Permission Permission, PermissionFeature Feature, PermissionVerb? Verb, string Name, string Opens, Permission? Needs);

/// <summary>What permissions are about; a row of the roles' table.</summary>
/// <param name="Group">Under which heading it stands.</param>
public sealed record PermissionFeature(string Group, string Name);

/// <summary>
/// The one place where permissions are defined: the roles' page, the tokens' dialog, the API's description and
/// <c>docs/permissions.md</c> are made of it.
/// </summary>
public static class PermissionCatalogue
{
    /// <summary>In the order of the features.</summary>
    public static IReadOnlyList<PermissionDefinition> All { get; } =
    [
        .. Feature("Customers", "Customers",
        [
            new(Permission.CustomersView, PermissionVerb.View, "See customers", "the customers, each one's page with connection, devices and history, the search, the customers who expire soon"),
            new(Permission.CustomersCreate, PermissionVerb.Create, "Add customers", "Add customer"),
            new(Permission.CustomersChange, PermissionVerb.Change, "Change customers", "name, contacts, user name and password, connection, devices and RADIUS attributes of a customer"),
            new(Permission.CustomersDelete, PermissionVerb.Delete, "Delete customers", "Delete on a customer's page"),
            new(Permission.CustomersSell, null, "Sell packages to customers", "Sell package: from the wallet, or as a gift"),
            new(Permission.CustomersSuspend, null, "Suspend customers and let them in again", "Suspend and Resume on a customer's page"),
            new(Permission.CustomersRevealPassword, null, "Look at a customer's password", "Show password; each look is written down"),
        ]),
        .. Feature("Customers", "Packages",
        [
            new(Permission.PackagesView, PermissionVerb.View, "See packages", "the packages and what each gives"),
            new(Permission.PackagesCreate, PermissionVerb.Create, "Create packages", "Create package"),
            new(Permission.PackagesChange, PermissionVerb.Change, "Change packages", "terms, hours and RADIUS attributes of a package"),
            new(Permission.PackagesArchive, PermissionVerb.Delete, "Archive packages and sell them again", "Archive and Sell again on a package's page"),
        ]),
        .. Feature("Customers", "Vouchers",
        [
            new(Permission.VouchersView, PermissionVerb.View, "See vouchers", "the batches, without their codes, Check a code, and the alarm of guessing on Today"),
            new(Permission.VouchersCreate, PermissionVerb.Create, "Make vouchers", "New vouchers; their codes are not shown by it"),
            new(Permission.VouchersRevoke, PermissionVerb.Delete, "Revoke vouchers", "Revoke, and Revoke unused"),
            new(Permission.VouchersExport, PermissionVerb.Export, "Print vouchers and take their codes away", "the printed sheet and the file of codes; each is written down"),
        ]),
        .. Feature("Customers", "Messages",
        [
            new(Permission.MessagesView, PermissionVerb.View, "See messages", "the messages to customers, and a customer's own"),
        ]),
        .. Feature("Network", "Sessions",
        [
            new(Permission.SessionsView, PermissionVerb.View, "See sessions and logins", "who is online, ended sessions, logins and why they were refused, statistics, live events of the API"),
            new(Permission.SessionsExport, PermissionVerb.Export, "Take session statistics away as files", "the CSV files of the statistics"),
            new(Permission.SessionsDisconnect, null, "Disconnect sessions", "Disconnect, of a session and of a customer"),
            new(Permission.SessionsTestLogin, null, "Test logins", "Test a login, and Test the login on a customer's page"),
        ]),
        .. Feature("Network", "Routers",
        [
            new(Permission.RoutersView, PermissionVerb.View, "See routers", "the routers, whether they are heard, the commands without the secret"),
            new(Permission.RoutersCreate, PermissionVerb.Create, "Add routers", "Add router, and addresses that ask and are not known"),
            new(Permission.RoutersChange, PermissionVerb.Change, "Change routers", "settings, API access, portal address and RADIUS attributes of a router"),
            new(Permission.RoutersArchive, PermissionVerb.Delete, "Archive routers", "Archive on a router's page"),
            new(Permission.RoutersSecrets, null, "See and replace routers' secrets", "the commands with the RADIUS secret, a new secret, certificates of RadSec; each look is written down"),
        ]),
        .. Feature("Money", "Payments",
        [
            new(Permission.PaymentsView, PermissionVerb.View, "See payments", "payments and prompts, what waits in suspense, what is flagged, a customer's payments and wallet, figures of money on Today"),
            new(Permission.PaymentsRecord, PermissionVerb.Create, "Write down cash, cheques and bank deposits", "Record payment", Permission.CustomersView),
            new(Permission.PaymentsReverse, PermissionVerb.Delete, "Take back what was so written down", "Reverse, and Bounced, on such a payment"),
            new(Permission.PaymentsExport, PermissionVerb.Export, "Take payments away as files", "the CSV file of suspense"),
            new(Permission.PaymentsAsk, null, "Ask customers to pay", "Ask to pay, and the QR code to pay with"),
            new(Permission.PaymentsPlace, null, "Say whose money is that waits in suspense", "Place, and Take back"),
            new(Permission.PaymentsSettle, null, "Settle flagged messages", "Book and Put away of what a provider reported and does not fit"),
            new(Permission.PaymentsLookUp, null, "Look receipts up", "Look up receipt, which asks M-Pesa"),
        ]),
        .. Feature("Money", "Refunds",
        [
            new(Permission.RefundsView, PermissionVerb.View, "See refunds", "the refunds of all payments", Permission.PaymentsView),
            new(Permission.RefundsMake, PermissionVerb.Create, "Refund", "Refund on a payment's page; over the company's limit it is asked for", Permission.PaymentsView),
            new(Permission.RefundsApprove, PermissionVerb.Approve, "Approve and decline refunds", "the decision on what another asked for", Permission.PaymentsView),
            new(Permission.RefundsExport, PermissionVerb.Export, "Take refunds away as files", "the CSV file of refunds"),
        ]),
        .. Feature("Money", "Payment SMS",
        [
            new(Permission.MoneySmsView, PermissionVerb.View, "See payment SMS", "the SMS that forwarding phones sent, and those in quarantine", Permission.PaymentsView),
            new(Permission.MoneySmsPaste, PermissionVerb.Create, "Paste payment SMS", "Paste SMS"),
            new(Permission.MoneySmsChange, PermissionVerb.Change, "Book payment SMS and put them away", "Book, Put away and Read again"),
            new(Permission.MoneySmsExport, PermissionVerb.Export, "Take payment SMS away as files", "the CSV file of payment SMS"),
        ]),
        .. Feature("Money", "Reconciliation",
        [
            new(Permission.ReconciliationView, PermissionVerb.View, "See reconciliation", "days, differences and statements, and whether a report is genuine", Permission.PaymentsView),
            new(Permission.ReconciliationUpload, PermissionVerb.Create, "Upload statements", "Upload statement"),
            new(Permission.ReconciliationSettle, PermissionVerb.Change, "Settle differences", "Book and Explain of a difference, and of a row that was not understood"),
            new(Permission.ReconciliationExport, PermissionVerb.Export, "Take reconciliation away as files", "the CSV files of days and differences"),
            new(Permission.ReconciliationMail, null, "Say who gets the daily report by mail", "the addresses of the daily report"),
        ]),
        .. Feature("Money", "Sales figures",
        [
            new(Permission.ReportsView, PermissionVerb.View, "See sales figures", "sales and the latest payments on Today"),
        ]),
        .. Feature("Settings", "Company",
        [
            new(Permission.SettingsView, PermissionVerb.View, "Open the settings", "Settings; each of its tabs asks for more"),
            new(Permission.CompanyChange, PermissionVerb.Change, "Change the company's profile", "name, colour, language, currency and the limit of refunds, and the first steps on Today"),
            new(Permission.HistoryView, null, "See what was done to the company", "History in Settings"),
        ]),
        .. Feature("Settings", "Payment accounts",
        [
            new(Permission.PaymentAccountsChange, PermissionVerb.Change, "Set up where money comes in", "M-Pesa, Paystack, cash and bank, with their keys", Permission.SettingsView),
        ]),
        .. Feature("Settings", "SMS gateway",
        [
            new(Permission.SmsAccountsChange, PermissionVerb.Change, "Set up by which gateway SMS leave", "SMS in Settings, and whether staff get codes by it", Permission.SettingsView),
        ]),
        .. Feature("Settings", "Forwarding phones",
        [
            new(Permission.ForwardingChange, PermissionVerb.Change, "Set up phones that forward payment SMS", "Payment SMS in Settings: phones, policy and templates", Permission.SettingsView),
        ]),
        .. Feature("Settings", "Refused customers",
        [
            new(Permission.LimitedAccessChange, PermissionVerb.Change, "Say where refused customers land", "Refused customers in Settings", Permission.SettingsView),
        ]),
        .. Feature("Settings", "API tokens",
        [
            new(Permission.ApiTokensView, PermissionVerb.View, "See API tokens", "API in Settings: which programs are let in", Permission.SettingsView),
            new(Permission.ApiTokensCreate, PermissionVerb.Create, "Make API tokens", "Make token, with no more than one may oneself"),
            new(Permission.ApiTokensRevoke, PermissionVerb.Delete, "Revoke API tokens", "Revoke of anybody's token"),
        ]),
        .. Feature("People", "Staff",
        [
            new(Permission.StaffView, PermissionVerb.View, "See who works here", "Staff in Settings: people, roles and second factors", Permission.SettingsView),
            new(Permission.StaffInvite, PermissionVerb.Create, "Invite people", "Invite somebody, and Invite again"),
            new(Permission.StaffChange, PermissionVerb.Change, "Change people's place", "another role, and the routers that a person is restricted to"),
            new(Permission.StaffEnd, PermissionVerb.Delete, "End people's access", "End access, and Delete the account"),
            new(Permission.StaffCredentials, null, "Help people who cannot sign in", "a link for a new password, and taking a lost authenticator app off"),
        ]),
        .. Feature("People", "Roles",
        [
            new(Permission.RolesView, PermissionVerb.View, "See roles", "Roles in Settings: what each may, and its history", Permission.SettingsView),
            new(Permission.RolesCreate, PermissionVerb.Create, "Make roles", "New role, with no more than one may oneself"),
            new(Permission.RolesChange, PermissionVerb.Change, "Change roles", "name and permissions of a role, and whether it requires a second factor"),
            new(Permission.RolesDelete, PermissionVerb.Delete, "Delete roles", "Delete of a role that nobody has"),
        ]),
    ];

    private static readonly FrozenDictionary<Permission, PermissionDefinition> ByPermission = All.ToFrozenDictionary(definition => definition.Permission);

    public static PermissionDefinition Of(Permission permission) => ByPermission[permission];

    /// <summary>These, and what they are of no use without.</summary>
    public static IReadOnlySet<Permission> WithNeeded(IEnumerable<Permission> permissions)
    {
        var all = new HashSet<Permission>();
        foreach (var permission in permissions)
        {
            Permission? one = permission;
            while (one is { } needed && all.Add(needed))
                one = Of(needed).Needs;
        }

        return all;
    }

    private static IEnumerable<PermissionDefinition> Feature(string group, string name, IReadOnlyList<Line> lines)
    {
        var feature = new PermissionFeature(group, name);
        var view = lines.FirstOrDefault(line => line.Verb == PermissionVerb.View)?.Permission;
        return lines.Select(line => new PermissionDefinition(
            line.Permission, feature, line.Verb, line.Name, line.Opens, line.Needs ?? (line.Permission == view ? null : view)));
    }

    /// <param name="Needs">Null for the feature's view.</param>
    private sealed record Line(Permission Permission, PermissionVerb? Verb, string Name, string Opens, Permission? Needs = null);
}
