using System.ComponentModel.DataAnnotations;
using System.Net;

namespace EasyIsp.Radius.RadSec;

/// <summary>The <c>Radius:RadSec</c> section: RADIUS over TLS (RFC 6614).</summary>
internal sealed class RadSecOptions : IValidatableObject
{
    public const string Section = "Radius:RadSec";

    /// <summary>Where connections are taken; null for the address of the other ports.</summary>
    public string? Address { get; set; }

    /// <summary>Null: there is no RadSec. RouterOS connects to 2083 alone.</summary>
    [Range(0, 65535)]
    public int? Port { get; set; }

    /// <summary>
    /// Host names and addresses by which routers reach this worker, separated by commas: what its certificate is for. Null
    /// for the addresses that it listens on.
    /// </summary>
    public string? Names { get; set; }

    /// <summary>Of this worker's certificate; a third of it before its end it is replaced.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan CertificateLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>A connection on which nothing came for so long is closed; zero for never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan IdleTimeout { get; set; }

    /// <summary>From the connection to the end of its handshake.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes under way at once; a connection beyond them is closed, and its router tries again.</summary>
    [Range(1, 10_000)]
    public int MaxHandshakes { get; set; } = 256;

    /// <summary>Of these, from one address.</summary>
    [Range(1, 10_000)]
    public int MaxHandshakesFromOneAddress { get; set; } = 32;

    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Requests of one connection that may be in work; at the limit the rest waits in the stream (RFC 6613 section 2.6.5).</summary>
    [Range(1, 256)]
    public int MaxOutstanding { get; set; } = 256;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is not null && !IPAddress.TryParse(Address, out _))
            yield return new ValidationResult($"'{Address}' is no IP address.", [nameof(Address)]);
        if (Names is not null && (NamesList.Count == 0 || NamesList.Any(name => Uri.CheckHostName(name) is UriHostNameType.Unknown)))
            yield return new ValidationResult($"'{Names}' holds what is no host name and no address.", [nameof(Names)]);
    }

    internal IReadOnlyList<string> NamesList
        => (Names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
