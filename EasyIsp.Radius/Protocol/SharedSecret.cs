using System.Text;

namespace EasyIsp.Radius.Protocol;

/// <summary>
/// The secret shared with one NAS. A type of its own, so that it cannot be empty and cannot be printed by accident.
/// </summary>
internal sealed class SharedSecret
{
    public const int MaxOctets = 256;

    private readonly byte[] _octets;

    /// <exception cref="ArgumentException">
    /// Empty (RFC 2865 section 3 forbids it) or longer than <see cref="MaxOctets"/>.
    /// </exception>
    public SharedSecret(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is 0 or > MaxOctets)
            throw new ArgumentException($"A shared secret has 1 to {MaxOctets} octets.", nameof(octets));

        _octets = octets.ToArray();
    }

    public SharedSecret(string text) : this(Encoding.UTF8.GetBytes(text))
    {
    }

    public ReadOnlySpan<byte> Octets => _octets;

    public override string ToString() => "(shared secret)";
}
