using System.Text;
using System.Text.RegularExpressions;

namespace EasyIsp.Web.Routers;

/// <summary>A file inside its own link: it goes from the page to the disk, and no server keeps it.</summary>
internal static partial class FileLink
{
    public static string Of(string mediaType, byte[] contents) => $"data:{mediaType};base64,{Convert.ToBase64String(contents)}";

    public static string Of(string mediaType, string contents) => Of(mediaType, Encoding.ASCII.GetBytes(contents));

    /// <summary>What every router takes for a file's name, without its ending.</summary>
    public static string NameOf(string routerName) => $"easyisp-{Others().Replace(routerName.ToLowerInvariant(), "-").Trim('-')}".TrimEnd('-');

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.None, 100)]
    private static partial Regex Others();
}
