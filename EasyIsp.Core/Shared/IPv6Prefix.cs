using System.Net;
using System.Net.Sockets;

namespace EasyIsp.Core.Shared;

/// <summary>An IPv6 prefix as people type it, <c>2001:db8:12::/56</c>.</summary>
public static class IPv6Prefix
{
    /// <returns>Null when it is none, or has bits behind its length: the parser would clear them, and that is not what was typed.</returns>
    public static IPNetwork? Parse(string? text)
    {
        var typed = text?.Trim() ?? "";
        return IPNetwork.TryParse(typed, out var prefix)
            && prefix.BaseAddress.AddressFamily is AddressFamily.InterNetworkV6
            && IPAddress.TryParse(typed.AsSpan(0, typed.IndexOf('/', StringComparison.Ordinal)), out var address)
            && address.Equals(prefix.BaseAddress)
                ? prefix
                : null;
    }
}
