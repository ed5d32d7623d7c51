namespace EasyIsp.Core.Shared;

/// <summary>What a pool, list or profile may be called on a router so that RADIUS can name it: printable ASCII.</summary>
public static class RouterName
{
    public const int MaxLength = 60;

    public static bool IsValid(string name)
        => name.Length is > 0 and <= MaxLength && name == name.Trim() && name.All(letter => letter is >= ' ' and <= '~');

    /// <returns>Null for nothing typed.</returns>
    public static string? Typed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
