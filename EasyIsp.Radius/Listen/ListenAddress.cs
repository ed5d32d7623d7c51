using System.Net;
using System.Net.NetworkInformation;

namespace EasyIsp.Radius.Listen;

internal static class ListenAddress
{
    /// <summary>
    /// A wildcard as the concrete addresses this machine has now, one socket each, so that every reply leaves from the
    /// address that was asked; a concrete address as itself. An address that appears later needs a restart.
    /// </summary>
    public static IReadOnlyList<IPAddress> Expand(IPAddress address)
    {
        if (!address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
            return [address];

        return
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus is not OperationalStatus.Down)
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .Where(candidate => candidate.AddressFamily == address.AddressFamily)
                .Distinct(),
        ];
    }
}
