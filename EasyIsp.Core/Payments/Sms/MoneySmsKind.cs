namespace EasyIsp.Core.Payments.Sms;

/// <summary>What an SMS tells of, by the template that it is written in (mpesa.md, 16.1 and 16.3).</summary>
public enum MoneySmsKind
{
    /// <summary>Money came to a Paybill; names the account that the payer typed.</summary>
    MerchantPaybill,
    MerchantTill,

    /// <summary>Money came to a till out of a bank's app.</summary>
    MerchantTillFromOrganisation,
    PochiReceived,
    PersonReceived,
    CustomerPaybill,
    CustomerTill,
    CustomerSend,
    Reversal,
    EquityPayment,
    BankTill,
    BankMerchantCredit,

    /// <summary>Money came, as a template of the tenant's own says.</summary>
    OwnReceived,

    /// <summary>A payer's copy, as a template of the tenant's own says.</summary>
    OwnCustomer,

    /// <summary>Tells of no payment: airtime, cash, balances, failures.</summary>
    Nothing,
}

/// <summary>Groups of messages that a tenant may let book by themselves.</summary>
public enum MoneySmsFamily
{
    /// <summary>To the account's own Paybill or till.</summary>
    Merchant,

    /// <summary>Pochi la Biashara, on the phone's own line.</summary>
    Pochi,

    /// <summary>To a person, on the phone's own line.</summary>
    Person,

    /// <summary>Of banks, and by the tenant's own templates.</summary>
    Bank,
}

internal static class MoneySmsKinds
{
    /// <returns>Null for what can never become a payment.</returns>
    public static MoneySmsFamily? FamilyOf(MoneySmsKind kind) => kind switch
    {
        MoneySmsKind.MerchantPaybill or MoneySmsKind.MerchantTill or MoneySmsKind.MerchantTillFromOrganisation => MoneySmsFamily.Merchant,
        MoneySmsKind.PochiReceived => MoneySmsFamily.Pochi,
        MoneySmsKind.PersonReceived => MoneySmsFamily.Person,
        MoneySmsKind.EquityPayment or MoneySmsKind.BankTill or MoneySmsKind.BankMerchantCredit or MoneySmsKind.OwnReceived => MoneySmsFamily.Bank,
        _ => null,
    };

    /// <summary>
    /// Whether the account that it names is what the payer typed. The account of a bank's message is the merchant's own at
    /// that bank (mpesa.md, 16.3), and would be taken for a customer's number.
    /// </summary>
    public static bool NamesPayersAccount(MoneySmsKind kind)
        => kind is MoneySmsKind.MerchantPaybill or MoneySmsKind.EquityPayment or MoneySmsKind.OwnReceived;

    /// <summary>A Paybill's messages tell of no till's money, nor the other way round.</summary>
    public static bool Fits(MoneySmsKind kind, ShortCodeKind? account) => account is not null && kind switch
    {
        MoneySmsKind.MerchantPaybill => account == ShortCodeKind.Paybill,
        MoneySmsKind.MerchantTill or MoneySmsKind.MerchantTillFromOrganisation => account == ShortCodeKind.Till,
        _ => true,
    };
}
