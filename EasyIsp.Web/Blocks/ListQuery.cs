using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace EasyIsp.Web.Blocks;

/// <summary>Everything that decides which rows a list shows. It lives in the address: <c>?q=&amp;sort=-name&amp;page=2&amp;state=active</c>.</summary>
public sealed record ListQuery
{
    public const int PageSize = 25;

    private const string SearchKey = "q";
    private const string SortKey = "sort";
    private const string PageKey = "page";
    private const string AfterKey = "after";

    private IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Null when nothing is searched for.</summary>
    public string? Search => this[SearchKey];

    /// <summary>The column's key; null is the list's own order.</summary>
    public string? Sort => this[SortKey]?.TrimStart('-');

    public bool Descending => this[SortKey]?.StartsWith('-') == true;

    /// <summary>For <see cref="Paging"/>; counts from 0.</summary>
    public PageOf Page => new(PageNumber - 1, PageSize);

    /// <summary>As people see it, from 1.</summary>
    public int PageNumber => int.TryParse(this[PageKey], out var number) && number is > 0 and < 1_000_000 ? number : 1;

    /// <summary>Of a list that is not counted: the last row of the page before; null on the first.</summary>
    public string? After => this[AfterKey];

    public bool IsNarrowed => Values.Keys.Any(key => key is not (SortKey or PageKey or AfterKey));

    /// <summary>A filter's value, or null.</summary>
    public string? this[string key] => Values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>A filter as one of an enum's names; null for none and for nonsense.</summary>
    public TEnum? Filter<TEnum>(string key) where TEnum : struct, Enum
        => Enum.TryParse<TEnum>(this[key], ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    public ListQuery Searching(string? term) => With(SearchKey, term?.Trim());

    public ListQuery Filtering(string key, string? value) => With(key, value);

    /// <summary>A second click on the same column turns the order round.</summary>
    public ListQuery SortedBy(string key) => With(SortKey, Sort == key && !Descending ? "-" + key : key);

    public ListQuery OnPage(int number)
    {
        var page = this with { Values = Changed(PageKey, number == 1 ? null : number.ToString(System.Globalization.CultureInfo.InvariantCulture)) };
        return page with { Values = page.Changed(AfterKey, null) };
    }

    public ListQuery FollowingOn(string key) => this with { Values = Changed(AfterKey, key) };

    /// <summary>The address of this list.</summary>
    public string AddressOn(string path) => QueryHelpers.AddQueryString(path, Values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));

    public static ListQuery From(NavigationManager navigation) => From(new Uri(navigation.Uri).Query);

    /// <param name="queryString">As in the address, behind its <c>?</c>.</param>
    public static ListQuery From(string? queryString) => new()
    {
        Values = QueryHelpers.ParseQuery(queryString)
            .Where(pair => !string.IsNullOrEmpty(pair.Value))
            // U+0000 is in no text of the database, and cannot be looked for.
            .ToDictionary(pair => pair.Key, pair => pair.Value.ToString().Replace("\0", "", StringComparison.Ordinal), StringComparer.Ordinal),
    };

    public bool Equals(ListQuery? other) => other is not null && AddressOn("") == other.AddressOn("");

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(AddressOn(""));

    /// <summary>Another question starts on its first page.</summary>
    private ListQuery With(string key, string? value) => new ListQuery { Values = Changed(key, value) }.OnPage(1);

    private Dictionary<string, string> Changed(string key, string? value)
    {
        var values = new Dictionary<string, string>(Values, StringComparer.Ordinal);
        if (string.IsNullOrEmpty(value))
            values.Remove(key);
        else
            values[key] = value;
        return values;
    }
}
