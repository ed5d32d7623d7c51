using System.Net;
using EasyIsp.Portal.Hosting;
using Microsoft.Extensions.Options;

namespace EasyIsp.Portal.Payments;

/// <summary>Who may call back at all, where the operator has named them: the real peer, or what a trusted proxy says of it.</summary>
internal sealed class CallbackSources(IOptions<PortalOptions> options)
{
    private readonly IPNetwork[] _networks = [.. options.Value.CallbackSources.Select(NetworkOf)];

    public bool Allow(IPAddress? source)
        => _networks.Length == 0 || (source is not null && _networks.Any(network => network.Contains(source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source)));

    /// <exception cref="FormatException">It is neither an address nor a network.</exception>
    private static IPNetwork NetworkOf(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.Parse(text);

        var address = IPAddress.Parse(text);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
