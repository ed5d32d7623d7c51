namespace EasyIsp.Core.Shared;

public static class Text
{
    /// <summary>At most so many characters; a cut is shown by an ellipsis.</summary>
    public static string Truncate(this string text, int length)
        => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
