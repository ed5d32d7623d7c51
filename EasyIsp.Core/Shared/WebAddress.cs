namespace EasyIsp.Core.Shared;

/// <summary>The address of somebody's service, below which its paths stand.</summary>
public static class WebAddress
{
    /// <summary>Absolute, http or https, without anything that would carry a secret or come after a path.</summary>
    public static bool IsBase(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address is { Scheme: "https" or "http", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" };
}
