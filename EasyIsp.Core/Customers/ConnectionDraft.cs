using System.Net;
using System.Net.Sockets;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Customers;

/// <summary>How a customer is connected, as staff type it.</summary>
/// <param name="StaticAddress">IPv4; empty takes one from a pool.</param>
/// <param name="DelegatedPrefix">IPv6 with its length, as <c>2001:db8:12::/56</c>.</param>
/// <param name="RouterIds">Empty is every router.</param>
public sealed record ConnectionDraft(
    string? StaticAddress, string? DelegatedPrefix, DeviceLock DeviceLock, IReadOnlyList<Guid> RouterIds)
{
    internal bool IsSameAs(ConnectionDraft other)
        => (StaticAddress, DelegatedPrefix, DeviceLock) == (other.StaticAddress, other.DelegatedPrefix, other.DeviceLock)
            && RouterIds.Order().SequenceEqual(other.RouterIds.Order());
}

/// <summary>A field of a <see cref="ConnectionDraft"/>, or of a device, that cannot stand as it is.</summary>
public enum ConnectionFault
{
    StaticAddress,
    StaticAddressTaken,
    DelegatedPrefix,
    DelegatedPrefixTaken,
    MacAddress,
    MacAddressTaken,
    Label,
    TooManyDevices,
}

/// <summary>What a connection must satisfy; the form asks the same questions as the desk.</summary>
public static class ConnectionRules
{
    public const int ShortestPrefix = 16;
    public const int LongestPrefix = 64;

    public static IReadOnlyList<ConnectionFault> FaultsIn(ConnectionDraft draft)
    {
        var faults = new List<ConnectionFault>();
        if (!string.IsNullOrWhiteSpace(draft.StaticAddress) && ParseAddress(draft.StaticAddress) is null)
            faults.Add(ConnectionFault.StaticAddress);
        if (!string.IsNullOrWhiteSpace(draft.DelegatedPrefix) && ParsePrefix(draft.DelegatedPrefix) is null)
            faults.Add(ConnectionFault.DelegatedPrefix);
        return faults;
    }

    public static IReadOnlyList<ConnectionFault> FaultsInDevice(string? macAddress, string? label)
    {
        var faults = new List<ConnectionFault>();
        if (MacAddress.Normalize(macAddress) is null)
            faults.Add(ConnectionFault.MacAddress);
        if (label?.Trim().Length > CustomerDevice.MaxLabelLength)
            faults.Add(ConnectionFault.Label);
        return faults;
    }

    /// <summary>A customer's address: RouterOS takes 127.0.0.0/8 and everything from 224 on for "some address of the pool".</summary>
    internal static IPAddress? ParseAddress(string? text)
    {
        if (!IPAddress.TryParse(text?.Trim(), out var address) || address.AddressFamily is not AddressFamily.InterNetwork)
            return null;

        // Not the shorthand that the parser takes too: 10.5 is no address that a person means.
        return address.ToString() == text!.Trim() && address.GetAddressBytes()[0] is not (0 or 127 or >= 224) ? address : null;
    }

    internal static IPNetwork? ParsePrefix(string? text)
        => IPv6Prefix.Parse(text) is { PrefixLength: >= ShortestPrefix and <= LongestPrefix } prefix ? prefix : null;
}
