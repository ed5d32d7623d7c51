using System.ComponentModel;
using System.Globalization;

namespace EasyIsp.Emulators.Routers;

/// <summary>What a RouterOS version does differently (mikrotik.md 9.3). Profiles in use: 6.42, 6.49, 7.14, 7.16, 7.20.</summary>
[TypeConverter(typeof(Converter))]
public readonly record struct RouterOsVersion(int Major, int Minor) : IComparable<RouterOsVersion>
{
    /// <summary>Before 6.43 only the MD5 challenge (1.4, [D][M]).</summary>
    public bool WantsLegacyLogin => this < new RouterOsVersion(6, 43);

    /// <summary>A print without rows says so from 7.18 (1.3, [D][M]).</summary>
    public bool SaysEmpty => this >= new RouterOsVersion(7, 18);

    /// <summary>BlastRADIUS: signs requests and wants signed answers from 7.15 (4.9, [D][M]).</summary>
    public bool UsesMessageAuthenticator => this >= new RouterOsVersion(7, 15);

    public static bool operator <(RouterOsVersion left, RouterOsVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(RouterOsVersion left, RouterOsVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(RouterOsVersion left, RouterOsVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RouterOsVersion left, RouterOsVersion right) => left.CompareTo(right) >= 0;

    public static RouterOsVersion Parse(string text)
    {
        var parts = text.Split('.');
        return new RouterOsVersion(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public int CompareTo(RouterOsVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => $"{Major}.{Minor}";

    /// <summary>Lets configuration say "7.20".</summary>
    private sealed class Converter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => Parse((string)value);
    }
}
