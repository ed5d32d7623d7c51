using System.Text.Json;
using EasyIsp.Core.Reports;

namespace EasyIsp.Web.Blocks;

/// <summary>The audit trail in words.</summary>
internal static class DeedWords
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["customer.register"] = "Registered",
        ["customer.change"] = "Changed",
        ["customer.change-connection"] = "Changed the connection",
        ["customer.add-device"] = "Wrote a device down",
        ["customer.remove-device"] = "Struck a device out",
        ["customer.set-attributes"] = "Changed the RADIUS attributes",
        ["package.set-attributes"] = "Changed the RADIUS attributes",
        ["router.set-attributes"] = "Changed the RADIUS attributes",
        ["tenant.offer-limited-access"] = "Lets refused customers in somewhere",
        ["tenant.withdraw-limited-access"] = "Lets refused customers in nowhere",
        ["customer.suspend"] = "Suspended",
        ["customer.resume"] = "Resumed",
        ["customer.delete"] = "Deleted",
        ["customer.disconnect"] = "Disconnected",
        ["customer.reveal-password"] = "Looked at the password",
        ["customer.test-login"] = "Tested the login",
        ["router.test-login"] = "Tested a login",
        ["package.create"] = "Created",
        ["package.change"] = "Changed",
        ["package.archive"] = "Archived",
        ["package.restore"] = "Restored",
        ["package.sell"] = "Sold a package from the wallet",
        ["package.give"] = "Gave a package as a gift",
        ["router.add"] = "Added",
        ["router.change"] = "Changed",
        ["router.rotate-secret"] = "Made a new RADIUS secret",
        ["router.end-secret-change"] = "Ended the old RADIUS secret",
        ["router.roll-back-secret"] = "Went back to the old RADIUS secret",
        ["router.issue-certificate"] = "Issued a RadSec certificate",
        ["router.revoke-certificate"] = "Revoked a RadSec certificate",
        ["router.reveal-secret"] = "Looked at the RADIUS secret",
        ["router.set-api"] = "Changed the access to the API",
        ["router.claim-site"] = "Claimed a portal address",
        ["router.archive"] = "Archived",
        ["tenant.found"] = "Founded",
        ["tenant.suspend"] = "Suspended",
        ["tenant.resume"] = "Resumed",
        ["tenant.change-profile"] = "Changed the company's settings",
        ["api-token.make"] = "Made an API token",
        ["api-token.revoke"] = "Revoked an API token",
        ["forwarding-phone.add"] = "Added a phone that forwards SMS",
        ["forwarding-phone.revoke"] = "Revoked a phone that forwards SMS",
        ["money-sms.policy"] = "Changed what payment SMS may book",
        ["money-sms.paste"] = "Pasted payment SMS",
        ["money-sms.put-away"] = "Put a payment SMS away",
        ["money-sms.read-again"] = "Had payment SMS read again",
        ["money-sms.book"] = "Booked a payment SMS",
        ["sms-template.save"] = "Saved an SMS template",
        ["sms-template.delete"] = "Deleted an SMS template",
        ["payment-account.open"] = "Opened",
        ["payment-account.disable"] = "Disabled",
        ["payment-account.test"] = "Tested the keys",
        ["payment-account.register"] = "Registered its addresses with M-Pesa",
        ["payment-account.routers"] = "Changed at which routers it is used",
        ["payment-account.rule"] = "Changed the rules for own payments",
        ["payment-account.initiator"] = "Set the initiator",
        ["payment-account.pull"] = "Switched pulling on",
        ["payment-account.pull-rules"] = "Changed how it is pulled",
        ["payment-account.rotate-address"] = "Replaced its secret addresses",
        ["payment-account.end-old-addresses"] = "Ended its old addresses",
        ["payment.ask"] = "Asked to pay",
        ["refund.ask"] = "Asked for a refund",
        ["refund.approve"] = "Approved a refund",
        ["refund.decline"] = "Declined a refund",
        ["refund.conclude"] = "Said what became of a refund",
        ["staff.change-password"] = "Changed the password",
        ["staff.reset-password"] = "Set a new password for a forgotten one",
        ["staff.rename"] = "Changed the name",
        ["staff.verify-address"] = "Verified the e-mail address",
        ["staff.change-address"] = "Changed the e-mail address",
        ["staff.set-phone"] = "Added a phone",
        ["staff.remove-phone"] = "Took the phone off",
        ["staff.use-recovery-code"] = "Signed in by a recovery code",
        ["staff.end-sign-in"] = "Signed out on another browser",
        ["staff.end-sign-ins"] = "Signed out everywhere",
        ["staff.lock-out"] = "Locked the account by wrong tries",
        ["staff.turn-second-factor-on"] = "Set up an authenticator app",
        ["staff.turn-second-factor-off"] = "Took the authenticator app off",
        ["staff.new-recovery-codes"] = "Made new recovery codes",
        ["staff.accept-invitation"] = "Accepted the invitation",
        ["staff.add-passkey"] = "Added a passkey",
        ["staff.remove-passkey"] = "Removed a passkey",
        ["staff.invite"] = "Invited",
        ["staff.invite-again"] = "Invited again",
        ["staff.send-password-link"] = "Had a link for a new password made",
        ["staff.change-role"] = "Changed the role",
        ["staff.restrict"] = "Changed which routers the person sees",
        ["staff.end-access"] = "Ended the access",
        ["staff.delete"] = "Deleted the person's account",
        ["staff.take-second-factor-off"] = "Took the authenticator app off another's account",
        ["tenant.text-staff-codes"] = "Has codes texted to staff",
        ["tenant.text-no-staff-codes"] = "Has no codes texted to staff",
        ["role.make"] = "Made the role",
        ["role.change"] = "Changed the role",
        ["role.delete"] = "Deleted a role",
        ["role.require-second-factor"] = "Requires a code when signing in",
        ["role.allow-password-alone"] = "Requires no code when signing in",
        ["support.enter"] = "Entered as support",
    };

    /// <summary>A verb without words of its own is shown as it is written.</summary>
    public static string Of(string action) => Known.GetValueOrDefault(action, action);

    /// <summary><c>package: Home 10 · price: 1500</c>; lists are joined, what is empty is left out.</summary>
    public static string DetailsOf(Deed deed)
        => deed.Details?.RootElement is { ValueKind: JsonValueKind.Object } details
            ? string.Join(" · ", details.EnumerateObject().Select(Describe).OfType<string>())
            : "";

    private static string? Describe(JsonProperty detail)
    {
        var text = detail.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.Array => string.Join(", ", detail.Value.EnumerateArray().Select(item => item.ToString())),
            _ => detail.Value.ToString(),
        };
        return text.Length == 0 ? null : $"{detail.Name}: {text}";
    }
}
