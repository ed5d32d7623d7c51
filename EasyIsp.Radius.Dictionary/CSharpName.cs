using System.Linq;
using System.Text;

namespace EasyIsp.Radius.Dictionary;

/// <summary>Public names (<c>NAS-IP-Address</c>) as C# spells them (<c>NasIPAddress</c>).</summary>
internal static class CSharpName
{
    public static string Of(Section section, Entry entry)
    {
        var name = new StringBuilder();
        foreach (var word in entry.Name.Substring(section.Prefix.Length).Split('-'))
            name.Append(Word(word.Replace(".", "")));
        return name.ToString();
    }

    private static string Word(string word)
    {
        var isAcronym = word.Length > 2 && word.All(letter => !char.IsLower(letter));
        return char.ToUpperInvariant(word[0]) + (isAcronym ? word.Substring(1).ToLowerInvariant() : word.Substring(1));
    }
}
