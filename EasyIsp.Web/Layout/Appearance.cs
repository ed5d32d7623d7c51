using Microsoft.AspNetCore.Antiforgery;

namespace EasyIsp.Web.Layout;

/// <summary>Light, dark, or as the person's system says.</summary>
public enum ThemeMode
{
    System,
    Light,
    Dark,
}

/// <summary>
/// What the browser knows and a circuit cannot ask: taken from the request for the page and carried into the circuit.
/// </summary>
/// <param name="ClientAddress">For the audit trail.</param>
/// <param name="SystemIsDark">As theme.js last wrote it into its cookie.</param>
/// <param name="FormToken">Against forged posts: for the few plain forms that stand on interactive pages.</param>
public sealed record PageStart(string? ClientAddress, ThemeMode Mode, bool SystemIsDark, bool RailIsNarrow, FormToken? FormToken)
{
    public bool IsDark => Mode == ThemeMode.Dark || (Mode == ThemeMode.System && SystemIsDark);

    public static PageStart From(HttpContext context, IAntiforgery antiforgery) => new(
        context.Connection.RemoteIpAddress?.ToString(),
        Enum.TryParse<ThemeMode>(context.Request.Cookies["theme"], ignoreCase: true, out var mode) ? mode : ThemeMode.System,
        context.Request.Cookies["scheme"] == "dark",
        context.Request.Cookies["rail"] == "narrow",
        TokenOf(antiforgery.GetAndStoreTokens(context)));

    private static FormToken? TokenOf(AntiforgeryTokenSet tokens)
        => tokens.RequestToken is { } value ? new FormToken(tokens.FormFieldName, value) : null;
}

/// <summary>A hidden field of a form.</summary>
public sealed record FormToken(string Name, string Value);
