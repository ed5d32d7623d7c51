namespace EasyIsp.Core.Shared;

/// <summary>What a person typed, as a literal part of a LIKE pattern.</summary>
public static class Like
{
    public const string EscapeCharacter = "\\";

    public static string Escape(string text) => text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
}
