using EasyIsp.Core.Payments.Sms;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Payments;

/// <summary>SMS about money in the console's words.</summary>
internal static class MoneySmsWords
{
    public static State Of(MoneySmsState state) => state switch
    {
        MoneySmsState.Unread or MoneySmsState.Waiting => State.Pending,
        MoneySmsState.NotConfirmed => State.Unconfirmed,
        MoneySmsState.Confirmed => State.Confirmed,
        MoneySmsState.Booked => State.Paid,
        MoneySmsState.Differs => State.Differs,
        MoneySmsState.Reversal => State.Reversed,
        MoneySmsState.LookUp => State.Copy,
        MoneySmsState.Nothing => State.Unrelated,
        MoneySmsState.Quarantined => State.Unrecognised,
        _ => State.Archived,
    };

    /// <summary>What that means, in a sentence.</summary>
    public static string Meaning(MoneySmsState state) => state switch
    {
        MoneySmsState.Unread => "It is being read.",
        MoneySmsState.Waiting => "It is a hint, and waits for M-Pesa's own word. It has credited nobody.",
        MoneySmsState.NotConfirmed => "Not confirmed by M-Pesa within an hour. It has credited nobody: compare with M-Pesa's statement.",
        MoneySmsState.Confirmed => "M-Pesa has told of this receipt itself.",
        MoneySmsState.Booked => "It was booked on the SMS alone; M-Pesa has not confirmed it yet.",
        MoneySmsState.Differs => "The books say something else of its receipt. It has changed nothing.",
        MoneySmsState.Reversal => "It says that a payment was reversed. Nothing was undone: compare with M-Pesa's statement.",
        MoneySmsState.LookUp => "A payer's own copy: good for looking the payment up, and never booked.",
        MoneySmsState.Nothing => "It tells of no payment.",
        MoneySmsState.Quarantined => "Nothing could be made of it.",
        _ => "Somebody has put it away.",
    };

    public static string Of(MoneySmsKind? kind) => kind switch
    {
        MoneySmsKind.MerchantPaybill => "To your Paybill",
        MoneySmsKind.MerchantTill => "To your till",
        MoneySmsKind.MerchantTillFromOrganisation => "To your till, by a bank's app",
        MoneySmsKind.PochiReceived => "To Pochi la Biashara",
        MoneySmsKind.PersonReceived => "To a personal number",
        MoneySmsKind.CustomerPaybill => "Payer's copy: Paybill",
        MoneySmsKind.CustomerTill => "Payer's copy: till",
        MoneySmsKind.CustomerSend => "Payer's copy: sent to a number",
        MoneySmsKind.Reversal => "Reversal",
        MoneySmsKind.EquityPayment => "Equity Bank",
        MoneySmsKind.BankTill or MoneySmsKind.BankMerchantCredit => "Bank till",
        MoneySmsKind.OwnReceived => "By your own template",
        MoneySmsKind.OwnCustomer => "Payer's copy, by your own template",
        MoneySmsKind.Nothing => "No payment",
        _ => "Not recognised",
    };

    /// <summary>Who is named: of a payer's copy, whom he paid.</summary>
    public static string? PartyOf(MoneySmsKind? kind, string? name)
        => name is not null && kind is (MoneySmsKind.CustomerPaybill or MoneySmsKind.CustomerTill or MoneySmsKind.CustomerSend or MoneySmsKind.OwnCustomer) ? $"to {name}" : name;

    public static string Of(MoneySmsSource source) => source switch
    {
        MoneySmsSource.SignedByPhone => "signed by the phone",
        MoneySmsSource.SecretAddress => "not signed: it came to the phone's secret address",
        _ => "pasted",
    };

    public static string Of(BookSmsOutcome outcome) => outcome switch
    {
        BookSmsOutcome.Booked => "Booked.",
        BookSmsOutcome.Held => "A prompt for this amount is under way at the till. M-Pesa says in a few minutes whose money it is; try again then.",
        BookSmsOutcome.ReceiptBooked => "Its receipt is booked already. Nothing was changed.",
        BookSmsOutcome.NoSuchAccount => "You have no M-Pesa account of the kind that it tells of.",
        BookSmsOutcome.WhichAccount => "Several accounts fit: choose the one that it came to.",
        BookSmsOutcome.NotToBeBooked => "Somebody else has settled it already.",
        _ => "Write how it is known.",
    };

    public static string HrefOf(BookedMoney payment)
        => PaymentStates.HrefOf(payment.PaymentId, payment.RequestId);

    public static string HolderOf(BookedMoney payment) => payment.Customer is { } customer ? $"{customer}, account {payment.CustomerNumber}" : "waits in suspense";
}
