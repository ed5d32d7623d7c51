using EasyIsp.Core.Customers;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Customers;

/// <summary>What the domain says of customers, in the words of the screens.</summary>
internal static class CustomerWords
{
    public static State StateOf(CustomerState state) => state switch
    {
        CustomerState.Active => State.Active,
        CustomerState.Expiring => State.Expiring,
        CustomerState.Expired => State.Expired,
        CustomerState.Suspended => State.Suspended,
        CustomerState.Deleted => State.Deleted,
        _ => State.New,
    };

    public static State StateOf(MessageState state) => state switch
    {
        MessageState.Waiting => State.Pending,
        MessageState.Sent => State.Sent,
        MessageState.Delivered => State.Delivered,
        _ => State.Failed,
    };

    public static string Of(AccessType accessType) => accessType == AccessType.Pppoe ? "PPPoE" : "Hotspot";

    /// <summary>Why the customer cannot connect, and what would change that; null when nothing stands in the way.</summary>
    public static string? Of(Hindrance hindrance) => hindrance switch
    {
        Hindrance.Deleted => "Deleted: there is no way in any more.",
        Hindrance.Suspended => "Suspended by staff. Resume to let the customer in again.",
        Hindrance.NothingBought => "Has never bought a package. Sell one to begin.",
        Hindrance.Expired => "The last package has ended. Sell another one.",
        Hindrance.NotBegun => "What was bought has not begun yet.",
        Hindrance.OutsideHours => "The package is for other hours than now.",
        Hindrance.DataUsedUp => "The data of the package is used up. Sell another one to continue.",
        Hindrance.AllDevicesOnline => "Every device that the package allows is online; one more is refused.",
        _ => null,
    };

    public static string Of(ConnectionFault fault) => fault switch
    {
        ConnectionFault.StaticAddress => "An IPv4 address as 10.20.0.15, below 224 and not 127.",
        ConnectionFault.StaticAddressTaken => "Another customer has this address.",
        ConnectionFault.DelegatedPrefix => $"An IPv6 prefix as 2001:db8:12::/56, with a length of {ConnectionRules.ShortestPrefix} to {ConnectionRules.LongestPrefix} and nothing behind it.",
        ConnectionFault.DelegatedPrefixTaken => "It overlaps another customer's prefix.",
        ConnectionFault.MacAddress => "Twelve hexadecimal digits, as AA:BB:CC:00:00:01.",
        ConnectionFault.MacAddressTaken => "This device is written down already.",
        ConnectionFault.TooManyDevices => $"At most {CustomerDevice.MaxPerCustomer} devices.",
        _ => $"At most {CustomerDevice.MaxLabelLength} letters.",
    };

    public static string Of(CustomerFault fault) => fault switch
    {
        CustomerFault.Name => $"A name of up to {Customer.MaxNameLength} letters is needed.",
        CustomerFault.Phone => "This is no phone number. Write it as 0712 345678, or with country code.",
        CustomerFault.Email => "This is no e-mail address.",
        CustomerFault.Address => $"At most {CustomerRules.MaxAddressLength} letters.",
        CustomerFault.Notes => $"At most {CustomerRules.MaxNotesLength} letters.",
        CustomerFault.Position => "Latitude (−90 to 90) and longitude (−180 to 180) belong together.",
        CustomerFault.Username => "2 to 64 letters, digits or . _ - @; not c with digits alone, those are kept for hotspots.",
        CustomerFault.UsernameTaken => "Another customer has this user name.",
        _ => $"{CustomerRules.MinPasswordLength} to {CustomerRules.MaxPasswordLength} letters, digits and signs, without blanks.",
    };
}
