using System.Globalization;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Sessions;

/// <param name="Meaning">For the customer; null where the name says it all, or nobody knows.</param>
internal sealed record ReplyLine(string Name, string Value, string? Meaning);

/// <summary>
/// A packet's attributes out of its readable text, with what those that we send mean: first what the customer feels, then
/// what passes between machines.
/// </summary>
internal static class ReplyLines
{
    private const string Indent = "  ";
    private const string Equal = " = ";
    private const string Gigawords = "Mikrotik-Total-Limit-Gigawords";

    public static IReadOnlyList<ReplyLine> Of(string packet)
    {
        var attributes = packet.Split('\n')
            .Where(line => line.StartsWith(Indent, StringComparison.Ordinal) && line.Contains(Equal, StringComparison.Ordinal))
            .Select(line => line[Indent.Length..].Split(Equal, 2))
            .Select(parts => (Name: parts[0], Value: parts[1].Trim('"')))
            .ToList();
        var beyond = attributes.Find(attribute => attribute.Name == Gigawords).Value;
        return [.. attributes.OrderBy(attribute => IsBetweenMachines(attribute.Name)).Select(attribute => new ReplyLine(attribute.Name, attribute.Value, MeaningOf(attribute.Name, attribute.Value, beyond)))];
    }

    private static bool IsBetweenMachines(string name)
        => name is "Message-Authenticator" or "Class" or "Acct-Interim-Interval" || name.StartsWith("MS-", StringComparison.Ordinal);

    private static string? MeaningOf(string name, string value, string? gigawords) => name switch
    {
        "Mikrotik-Rate-Limit" => SpeedOf(value),
        "Session-Timeout" => Seconds(value) is { } time ? $"Online for {time} at most" : null,
        "Acct-Interim-Interval" => Seconds(value) is { } time ? $"The router reports its traffic every {time}" : null,
        "Idle-Timeout" => Seconds(value) is { } time ? $"Logged out after {time} without traffic" : null,
        "Mikrotik-Total-Limit" => long.TryParse(value, CultureInfo.InvariantCulture, out var low)
            ? $"{Figures.Bytes(low + (long.TryParse(gigawords, CultureInfo.InvariantCulture, out var high) ? high << 32 : 0))} of data left"
            : null,
        Gigawords => "The limit above 4 GiB, counted in it",
        "Framed-IP-Address" => "The customer's fixed address",
        "Framed-Pool" => "An address of the router's pool of this name",
        "Mikrotik-Address-List" => "The router's firewall knows the customer by this list",
        "Delegated-IPv6-Prefix" => "The network behind the customer's own router",
        "Delegated-IPv6-Prefix-Pool" or "Mikrotik-Delegated-IPv6-Pool" => "A network of this pool for the customer's own router",
        "Framed-IPv6-Pool" => "An IPv6 address of this pool",
        "Mikrotik-Wireless-VLANID" => "The device's network on the Wi-Fi",
        "Class" => "The session's number with us",
        "Reply-Message" => "What the person reads",
        "Message-Authenticator" => "Proof that the answer is ours",
        "MS-CHAP2-Success" => "Proof for the device that we know its password",
        "MS-CHAP-Error" => "The reason, for the device",
        "MS-MPPE-Send-Key" or "MS-MPPE-Recv-Key" or "MS-MPPE-Encryption-Policy" or "MS-MPPE-Encryption-Types" => "If the router encrypts the line",
        _ => null,
    };

    /// <summary>Upload/download in kbps, as <c>2000k/5000k</c>, and what the package adds for bursts.</summary>
    private static string? SpeedOf(string value)
    {
        var parts = value.Split(' ');
        var rates = parts[0].Split('/');
        return rates.Length == 2 && Kbps(rates[0]) is { } upload && Kbps(rates[1]) is { } download
            ? $"Up to {Figures.Speed(download)} down and {Figures.Speed(upload)} up{(parts.Length > 1 ? ", with bursts" : "")}"
            : null;
    }

    private static int? Kbps(string rate) => rate.EndsWith('k') && int.TryParse(rate[..^1], CultureInfo.InvariantCulture, out var kbps) ? kbps : null;

    private static string? Seconds(string value)
        => uint.TryParse(value, CultureInfo.InvariantCulture, out var seconds) ? Figures.Length(TimeSpan.FromSeconds(seconds)) : null;
}
