using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Policy;

/// <summary>A password in the forms that the methods of login need, each made once. Printing it does not show it.</summary>
internal sealed class KnownPassword(string text)
{
    private NtHash? _ntHash;

    /// <summary>As PAP and CHAP take it: UTF-8.</summary>
    private readonly byte[] _octets = Encoding.UTF8.GetBytes(text);

    /// <summary>RouterOS logs hardware addresses in with it.</summary>
    public static KnownPassword Empty { get; } = new("");

    public ReadOnlySpan<byte> Octets => _octets;

    public NtHash NtHash => _ntHash ??= NtHash.Of(Encoding.UTF8.GetString(_octets));

    public override string ToString() => "(password)";
}
