using System.Text.RegularExpressions;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>
/// The messages of mpesa.md, 16.4, in the order in which they are tried. They see collapsed text, are anchored at its start
/// (the tail is advertising), and take time in proportion to its length.
/// </summary>
internal static partial class SmsPatterns
{
    private const RegexOptions Linear
        = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Code = @"^(?<code>[A-Z0-9]{9,12})\s+Confirmed\.?\s*";
    private const string Ksh = @"(KSHS?|KES)\.?\s*(KSHS?\.?\s*)?";
    private const string Amount = Ksh + @"(?<amount>[0-9,]+(\.[0-9]{1,2})?)";
    private const string Balance = Ksh + @"[0-9,]+(\.[0-9]{1,2})?";
    private const string Phone = @"(?<phone>(\+?254|0)[0-9*X]{7,11}|0[0-9]{3}\s[0-9]{3}\s[0-9]{3})";
    private const string When = @"on\s+(?<date>[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4})\s+at\s+(?<time>[0-9]{1,2}:[0-9]{2}\s*[AP]M)";
    private const string NewMpesaBalance = @"\.?\s*New\s+M-?PESA\s+balance\s+is\s+" + Balance;

    public static IReadOnlyList<(MoneySmsKind Kind, Regex Regex)> All { get; } =
    [
        (MoneySmsKind.MerchantPaybill, MerchantPaybill()),
        (MoneySmsKind.MerchantTill, MerchantTill()),
        (MoneySmsKind.MerchantTillFromOrganisation, MerchantTillFromOrganisation()),
        (MoneySmsKind.PochiReceived, PochiReceived()),
        (MoneySmsKind.PersonReceived, PersonReceived()),
        (MoneySmsKind.CustomerPaybill, CustomerPaybill()),
        (MoneySmsKind.CustomerTill, CustomerTill()),
        (MoneySmsKind.CustomerSend, CustomerSend()),
        (MoneySmsKind.Reversal, Reversal()),
        (MoneySmsKind.Reversal, ShortReversal()),
        (MoneySmsKind.EquityPayment, EquityPayment()),
        (MoneySmsKind.BankTill, BankTill()),
        (MoneySmsKind.BankMerchantCredit, BankMerchantCredit()),
    ];

    /// <summary>Messages that tell of no payment; tried after the tenant's own templates.</summary>
    [GeneratedRegex(
        @"^(Failed\.|You\s+have\s+cancelled|Your\s+account\s+balance\s+was|([A-Z0-9]{9,12}\s+)?Confirmed\.?\s*("
        + @"You\s+bought\s+" + Ksh + @"|(on\s+\S+\s+at\s+[0-9:]+\s*[AP]M\.?\s*)?(Give\s+" + Ksh + @"|Withdraw\s*" + Ksh + @")|"
        + @"Your\s+(account\s+balance\s+was|M-?PESA\s+balance\s+was)|Fuliza)|(Dear\s+customer,?\s+)?Your\s+Fuliza|.{0,40}Fuliza\s+M-?PESA\s+(amount|limit))", Linear)]
    public static partial Regex Nothing();

    /// <summary>Stays in the name of <see cref="MoneySmsKind.MerchantTillFromOrganisation"/>.</summary>
    [GeneratedRegex(@"^(?<name>.*?)\s*M-?\s?PESA:\s*" + Phone + @"\.?\z", Linear)]
    public static partial Regex PayerBehindOrganisation();

    [GeneratedRegex(
        Code + "(" + When + @"\s*)?" + Amount + @"\s+received\s+from\s+(?<name>.+?)\s+" + Phone + @"\.?\s*Account\s+Number\s+(?<account>.+?)\s+"
        + @"New\s+Utility\s+balance\s+is\s+" + Balance + @"(\.?\s+Time:\s*(?<exactDate>[0-9]{2}/[0-9]{2}/[0-9]{4})\s(?<exactTime>[0-9]{2}:[0-9]{2}:[0-9]{2}))?", Linear)]
    private static partial Regex MerchantPaybill();

    [GeneratedRegex(
        Code + When + @"\s*" + Amount + @"\s+received\s+from\s+" + Phone + @"\s+(?<name>.+?)\.?\s*New\s+Account\s+balance\s+is\s+" + Balance, Linear)]
    private static partial Regex MerchantTill();

    [GeneratedRegex(
        Code + When + @"\s*" + Amount + @"\s+received\s+from\s+[0-9]{5,7}\s*-\s*(?<name>.+?)\.?\s*New\s+Account\s+balance\s+is\s+" + Balance, Linear)]
    private static partial Regex MerchantTillFromOrganisation();

    [GeneratedRegex(
        Code + @"You\s+have\s+received\s+" + Amount + @"\s+from\s+(?<name>.+?)\s+" + Phone + @"\s+(on\s+)?(?<date>[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4})"
        + @"\s+at\s+(?<time>[0-9]{1,2}:[0-9]{2}\s*[AP]M)\.?\s*New\s+business\s+balance\s+is\s+" + Balance, Linear)]
    private static partial Regex PochiReceived();

    [GeneratedRegex(
        @"^(Congratulations!\s*)?(?<code>[A-Z0-9]{9,12})\s+confirmed\.?\s*You\s+have\s+received\s+" + Amount + @"\s+from\s+(?<name>.+?)(\s+" + Phone + @")?\.?\s+"
        + When + NewMpesaBalance, Linear)]
    private static partial Regex PersonReceived();

    [GeneratedRegex(Code + Amount + @"\s+sent\s+to\s+(?<name>.+?)\s+for\s+account\s+(?<account>.+?)\s+" + When + NewMpesaBalance, Linear)]
    private static partial Regex CustomerPaybill();

    [GeneratedRegex(Code + Amount + @"\s+paid\s+to\s+(?<name>.+?)\.?\s+" + When + NewMpesaBalance, Linear)]
    private static partial Regex CustomerTill();

    [GeneratedRegex(Code + Amount + @"\s+sent\s+to\s+(?<name>.+?)(\s+" + Phone + @")?\s+" + When + NewMpesaBalance, Linear)]
    private static partial Regex CustomerSend();

    [GeneratedRegex(
        Code + @"Reversal\s+of\s+transaction\s+(?<original>[A-Z0-9]{9,12})\s+has\s+been\s+successfully\s+reversed\s+" + When + @"\s+and\s+" + Amount
        + @"\s+is\s+(debited\s+from|credited\s+to)\s+your", Linear)]
    private static partial Regex Reversal();

    [GeneratedRegex(
        Code + @"Transaction\s+(?<original>[A-Z0-9]{9,12})\s+has\s+been\s+reversed\.\s+Your\s+account\s+balance\s+is\s+now\s+" + Balance, Linear)]
    private static partial Regex ShortReversal();

    [GeneratedRegex(
        @"^Confirmed\s+" + Amount + @"\s+to\s+.+?\s+A/C\s+Ref\.?\s*Number\s+(?<account>\S+)\s+Via\s+MPESA\s+Ref\s+(?<code>[A-Z0-9]{9,12})\s+by\s+(?<name>.+?)"
        + @"\s+Phone\s+(?<phone>\+?254[0-9*X]{6,9})\s+on\s+(?<date>[0-9]{2}-[0-9]{2}-[0-9]{4})\s+at\s+(?<time>[0-9]{2}:[0-9]{2})", Linear)]
    private static partial Regex EquityPayment();

    [GeneratedRegex(
        @"^(?<code>[A-Z0-9]{9,12})~Payment\s+Of\s+" + Amount + @"\s+Has\s+Been\s+Received\s+By\s+.+?\s+For\s+Account\s+(?<account>.+?),\s*From\s+(?<name>.+?)"
        + @"\s+on\s+(?<date>[0-9]{2}/[0-9]{2}/[0-9]{2,4})\s+at\s+(?<time>[0-9]{1,2}\.[0-9]{2}\s*[AP]M)", Linear)]
    private static partial Regex BankTill();

    [GeneratedRegex(
        @"^Dear\s+.+?,\s*Your\s+merchant\s+account\s+(?<account>\S+)\s+has\s+been\s+credited\s+with\s+" + Amount + @"\s+ref\s+#?(?<code>[A-Z0-9]{9,12})"
        + @"\s+from\s+(?<name>.+?)\s+(?<phone>(\+?254|0)[0-9*X]{6,9})\s+on\s+(?<date>[0-9]{1,2}-[A-Z]{3}-[0-9]{4})\s+(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})", Linear)]
    private static partial Regex BankMerchantCredit();
}
