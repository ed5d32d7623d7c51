using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tenancy;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Settings;

/// <summary>What the domain says of a company's settings, in the words of the screens.</summary>
internal static class SettingsWords
{
    private const string Address = "An address as https://sms.example.com: no user name, nothing after a question mark.";

    public static string Of(TenantProfileFault fault) => fault switch
    {
        TenantProfileFault.Name => $"A name of up to {TenantProfile.MaxNameLength} letters is needed.",
        TenantProfileFault.AccentColor => "A colour is written #rrggbb, as #0f766e.",
        TenantProfileFault.SupportPhone => "This is no phone number of your country. Write one of another with + and its code.",
        TenantProfileFault.Language => "Choose a language.",
        TenantProfileFault.TimeZone => "Choose a time zone from the list, as Africa/Nairobi.",
        TenantProfileFault.Country => "Choose a country.",
        TenantProfileFault.Currency => "Three letters (ISO 4217), as KES.",
        TenantProfileFault.RefundLimit => "Nothing, or an amount up to 10,000,000.",
        _ => $"0 to {TenantProfile.MaxCurrencyDigits} digits.",
    };

    public static string Of(InvitationFault fault) => fault switch
    {
        InvitationFault.Name => $"A name of up to {StaffUser.MaxDisplayNameLength} letters is needed.",
        InvitationFault.Role => "Choose a role.",
        InvitationFault.RoleStronger => "This role may more than you. Choose another.",
        InvitationFault.AlreadyHere => "Somebody with this address works here already.",
        _ => "This is no e-mail address that somebody can sign in with.",
    };

    /// <summary>Why a deed about a person was not done.</summary>
    public static string Of(StaffOutcome outcome) => outcome switch
    {
        StaffOutcome.Self => "Nobody does this to himself: another admin can.",
        StaffOutcome.LastAdmin => "No admin would be left who can sign in. Make somebody else an admin first.",
        StaffOutcome.RoleStronger => "This role may more than you: nobody gives what he lacks himself.",
        StaffOutcome.Outranked => "This person may more than you: somebody who may as much can do it.",
        StaffOutcome.AdminSeesAll => "An admin sees every router. Give another role first.",
        StaffOutcome.WorksElsewhere => "The account is another company's too. The platform's operator can help.",
        _ => "This person does not work here any more.",
    };

    public static string Of(InvitationOutcome.TooMany tooMany)
        => $"Many invitations and links were sent in this hour. Try again in {Figures.Count((int)Math.Ceiling(tooMany.RetryAfter.TotalMinutes), "minute", "minutes")}; nothing was sent.";

    public static string Of(PaymentAccountFault fault) => fault switch
    {
        PaymentAccountFault.Name => $"A name of up to {PaymentAccountRules.MaxNameLength} letters is needed.",
        PaymentAccountFault.BaseUrl => Address,
        PaymentAccountFault.ShortCode => $"5 to {PaymentAccountRules.MaxShortCodeLength} digits.",
        PaymentAccountFault.TillNumber => $"A till number has 5 to {PaymentAccountRules.MaxTillNumberLength} digits.",
        PaymentAccountFault.BankPaybill => $"5 to {PaymentAccountRules.MaxShortCodeLength} digits, as your bank publishes it; not the short code that asks.",
        PaymentAccountFault.BankAccount => $"1 to {StkPushOrder.LongestReference} letters and digits: M-Pesa carries no more. Is yours longer, ask the bank which shorter number it takes at its Paybill, and push one shilling before you rely on it.",
        PaymentAccountFault.ConsumerKey => "Copy it from your app on the Daraja portal.",
        PaymentAccountFault.ConsumerSecret => "Copy it from your app on the Daraja portal.",
        _ => "Safaricom sends it when the short code goes live.",
    };

    public static string Of(ShortCodeKind kind) => kind == ShortCodeKind.BankPaybill ? "Bank paybill" : kind.ToString();

    /// <summary>Where its money comes in.</summary>
    public static string DestinationOf(PaymentAccountRow account) => account switch
    {
        { Bank: { } bank } => $"Bank paybill {bank.Paybill}, account {bank.Account}",
        { TillNumber: { } till } => $"Till {till}",
        _ => $"Paybill {account.ShortCode}",
    };

    public static string Of(BindOutcome outcome) => outcome switch
    {
        BindOutcome.RouterGone => "One of the routers was archived meanwhile. Nothing was changed: choose again from what is shown now.",
        BindOutcome.ChangedMeanwhile => "Somebody else has chosen other routers meanwhile. Nothing was changed: theirs are shown now.",
        _ => "The account is disabled. Nothing was changed.",
    };

    public static string Of(SmsAccountFault fault) => fault switch
    {
        SmsAccountFault.BaseUrl => Address,
        SmsAccountFault.PartnerId => "The gateway's portal shows it beside the API key.",
        SmsAccountFault.ApiKey => "Copy it from the gateway's portal.",
        _ => $"Up to {SmsAccountRules.MaxSenderIdLength} signs, capitals as approved.",
    };

    public static string Of(ApiTokenFault fault) => fault switch
    {
        ApiTokenFault.Name => $"A name of up to {ApiTokenRules.MaxNameLength} letters is needed.",
        ApiTokenFault.NoPermissions => "Choose one thing at least.",
        ApiTokenFault.ForeignPermissions => "You cannot allow more than you may do yourself.",
        ApiTokenFault.Expiry => "It must end in the future.",
        _ => "Only somebody who works for this company can make a token.",
    };

    public static State StateOf(ApiTokenState state) => state switch
    {
        ApiTokenState.Active => State.Active,
        ApiTokenState.Expired => State.Expired,
        ApiTokenState.Revoked => State.Revoked,
        _ => State.Disabled,
    };

    /// <summary>Why it is so, where that is not plain.</summary>
    public static string? Of(ApiTokenState state)
        => state == ApiTokenState.Orphaned ? "Whoever made it does not work here any more." : null;

    public static string Of(LimitedReason reason) => reason switch
    {
        LimitedReason.Expired => "The package has ended, or none was bought",
        LimitedReason.Suspended => "Suspended by staff",
        LimitedReason.DataUsedUp => "The data is used up",
        _ => "Another device than the customer's own",
    };

    /// <param name="term">A property of <see cref="LimitedAccessTerms"/>.</param>
    public static string LimitedFault(string term) => term switch
    {
        nameof(LimitedAccessTerms.AddressPool) => $"A pool or a list is needed: up to {RouterName.MaxLength} plain letters.",
        nameof(LimitedAccessTerms.AddressList) => $"Up to {RouterName.MaxLength} plain letters, digits and signs.",
        nameof(LimitedAccessTerms.Kbps) => $"1 to {Figures.Count(LimitedAccessTerms.MaxKbps)} kbps.",
        _ => "1 to 60 minutes.",
    };

    public static string Of(CredentialsCheck check) => check switch
    {
        CredentialsCheck.Works => "M-Pesa accepts the consumer key and secret. The passkey is proved by the first payment.",
        CredentialsCheck.Refused refused => $"M-Pesa refuses them. {refused.Message}",
        CredentialsCheck.NotReached lost => $"M-Pesa could not be asked. {lost.Reason}",
        _ => throw new InvalidOperationException($"No such answer: {check.GetType().Name}."),
    };

    public static string Of(C2bRegistration registration) => registration switch
    {
        C2bRegistration.Registered => "Registered. M-Pesa reports from now on what customers send by themselves.",
        C2bRegistration.AlreadyRegistered => "M-Pesa has addresses for this short code already and keeps them. Delete them in M-Pesa's portal (Self Services, URL Management), then register again.",
        C2bRegistration.Refused refused => $"M-Pesa refuses it. {refused.Message}",
        C2bRegistration.NotReached lost => $"M-Pesa could not be asked; try again. {lost.Reason}",
        _ => throw new InvalidOperationException($"No such answer: {registration.GetType().Name}."),
    };

    public static string Of(ValidationRule rule) => rule switch
    {
        ValidationRule.AcceptAll => "Accept all: what names nobody waits in suspense",
        ValidationRule.RefuseUnknownAccounts => "Refuse unknown account numbers",
        _ => "Refuse unknown account numbers, and other amounts than a prompt asked for",
    };

    public static string Of(DepositRule rule) => rule switch
    {
        DepositRule.KeepInWallet => "Keep it in the wallet",
        _ => "Renew the package he had last, when the wallet suffices",
    };

    public static string Of(ForwardingPhoneFault fault) => fault switch
    {
        ForwardingPhoneFault.Name => $"A name of up to {ForwardingPhoneRules.MaxNameLength} letters is needed.",
        ForwardingPhoneFault.Account => "Choose the account.",
        _ => $"One sender at least, as MPESA, and {ForwardingPhoneRules.MaxSenders} at most.",
    };

    public static string? Of(ForwardOutcome? refusal) => refusal switch
    {
        ForwardOutcome.NotSigned => "It was not signed.",
        ForwardOutcome.Forged => "It was signed with another key, or changed on its way.",
        ForwardOutcome.ClockApart => $"The phone's clock is more than {SmsSignature.Skew.Minutes} minutes off.",
        ForwardOutcome.Revoked => "It was revoked before.",
        _ => null,
    };

    /// <summary>Amid a sentence.</summary>
    public static string Of(MoneySmsFamily family) => family switch
    {
        MoneySmsFamily.Merchant => "Paybill and till messages",
        MoneySmsFamily.Pochi => "Pochi la Biashara",
        MoneySmsFamily.Person => "money to a personal number",
        _ => "banks' messages and own templates",
    };

    public static string LabelOf(MoneySmsFamily family) => family switch
    {
        MoneySmsFamily.Merchant => "Messages to the owner of this Paybill or till",
        MoneySmsFamily.Pochi => "Pochi la Biashara of the forwarding phone",
        MoneySmsFamily.Person => "Money sent to the forwarding phone's own number",
        _ => "Banks' messages, and those of your own templates",
    };

    public static string Of(SmsTemplateMeaning meaning) => meaning switch
    {
        SmsTemplateMeaning.MoneyReceived => "Money that you received",
        SmsTemplateMeaning.CustomersCopy => "A payer's own copy",
        _ => "No payment: put such messages aside",
    };

    public static string Of(SmsTemplateFault fault) => fault switch
    {
        SmsTemplateFault.Name => $"A name of up to {SmsTemplateRules.MaxNameLength} letters is needed.",
        SmsTemplateFault.Length => $"Up to {SmsTemplateRules.MaxTextLength} letters are needed.",
        SmsTemplateFault.Priority => $"0 to {SmsTemplateRules.MaxPriority}.",
        SmsTemplateFault.UnknownPlaceholder => $"In braces can stand {string.Join(", ", OwnPattern.PlaceholderNames)}.",
        SmsTemplateFault.Repeated => "Each of them can stand once; {*} up to six times.",
        SmsTemplateFault.Adjacent => "Between two of them must be a word or a sign, else nobody can say where one ends.",
        SmsTemplateFault.TooFewWords => "Too few words: it would take other messages too.",
        SmsTemplateFault.ReceiptOrAmountMissing => "Money needs {ref} and {amount}.",
        _ => $"There are {SmsTemplateRules.MaxTemplates} templates already. Delete one first.",
    };

    public static string Of(SmsBalanceResult balance) => balance switch
    {
        SmsBalanceResult.Known known => $"The account has {known.Credit:0.##} left, in the gateway's own units.",
        SmsBalanceResult.Unknown unknown => $"The gateway told no balance. {unknown.Reason}.",
        _ => throw new InvalidOperationException($"No such answer: {balance.GetType().Name}."),
    };

    /// <summary>Which M-Pesa an account speaks to: by its host.</summary>
    public static string EnvironmentOf(string baseUrl) => new Uri(baseUrl) is var address && address.Host == DarajaHosts.Production.Host ? "production"
        : address.Host == DarajaHosts.Sandbox.Host ? "sandbox"
        : address.Authority;

    public static string GatewayOf(string baseUrl) => new Uri(baseUrl) is var address && address.Host == PartnerIdHosts.TextSms.Host ? "TextSMS"
        : address.Host == PartnerIdHosts.Celcom.Host ? "Celcom Africa"
        : address.Host == PartnerIdHosts.Advanta.Host ? "Advanta"
        : address.Authority;
}
