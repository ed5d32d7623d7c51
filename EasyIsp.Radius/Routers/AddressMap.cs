using System.Collections.Frozen;

namespace EasyIsp.Radius.Routers;

/// <summary>
/// Who may send from an address: of each tenant those with the longest prefix around it, so that nobody takes an address
/// from another by claiming it more exactly. Nothing is implied: an address that nobody names is nobody's. Looking up
/// costs one hash for each length of prefix in use, however many there are.
/// </summary>
internal sealed class AddressMap<T>
{
    private readonly (int PrefixLength, FrozenDictionary<UInt128, T[]> Claimants)[] _longestFirst;

    internal AddressMap((int, FrozenDictionary<UInt128, T[]>)[] longestFirst) => _longestFirst = longestFirst;

    /// <param name="tenantOf">Whose claim it is.</param>
    public static AddressMap<T> Of(IEnumerable<(AddressRange Range, T Claimant)> claims, Func<T, Guid> tenantOf)
    {
        var byLength = new SortedDictionary<int, Dictionary<UInt128, T[]>>();
        foreach (var length in claims.GroupBy(claim => claim.Range.PrefixLength).OrderBy(length => length.Key))
        {
            // Shorter prefixes are complete by now, so the nearest one around says all that there is to inherit.
            var shorter = byLength.Reverse().ToArray();
            byLength[length.Key] = length
                .GroupBy(claim => claim.Range.First, claim => claim.Claimant)
                .ToDictionary(range => range.Key, range => Inherit(range.Key, [.. range.Distinct()], shorter, tenantOf));
        }

        return new AddressMap<T>([.. byLength.Reverse().Select(length => (length.Key, length.Value.ToFrozenDictionary()))]);
    }

    /// <summary>Every set of claimants that an address may have.</summary>
    public IEnumerable<IReadOnlyList<T>> Groups => _longestFirst.SelectMany(length => length.Claimants.Values);

    /// <summary>The same map with others in the claimants' places.</summary>
    public AddressMap<TOther> Expand<TOther>(Func<T, IEnumerable<TOther>> expand) => new(
    [
        .. _longestFirst.Select(length => (
            length.PrefixLength,
            length.Claimants.ToFrozenDictionary(range => range.Key, range => range.Value.SelectMany(expand).ToArray()))),
    ]);

    public ReadOnlySpan<T> At(UInt128 address)
    {
        foreach (var (prefixLength, claimants) in _longestFirst)
        {
            if (claimants.TryGetValue(AddressRange.Around(address, prefixLength).First, out var found))
                return found;
        }

        return [];
    }

    private static T[] Inherit(
        UInt128 first, T[] own, IReadOnlyList<KeyValuePair<int, Dictionary<UInt128, T[]>>> shorter, Func<T, Guid> tenantOf)
    {
        foreach (var (prefixLength, ranges) in shorter)
        {
            if (ranges.TryGetValue(AddressRange.Around(first, prefixLength).First, out var around))
            {
                var tenants = own.Select(tenantOf).ToHashSet();
                return [.. own, .. around.Where(claimant => !tenants.Contains(tenantOf(claimant)))];
            }
        }

        return own;
    }
}
