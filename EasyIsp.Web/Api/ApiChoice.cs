using System.Text.Json;

namespace EasyIsp.Web.Api;

/// <summary>One of a few words in an address, spelled as in the answers.</summary>
internal static class ApiChoice
{
    /// <returns>Null where nothing is said.</returns>
    /// <exception cref="BadHttpRequestException">It is none of them; the message names them.</exception>
    public static T? Read<T>(string? text, string name) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
            return null;

        var known = Enum.GetValues<T>().Where(value => string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase)).ToList();
        return known is [var one]
            ? one
            : throw new BadHttpRequestException(
                $"'{name}' may be {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}.");
    }
}
