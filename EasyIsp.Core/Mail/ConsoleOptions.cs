using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Mail;

/// <summary>The <c>Console</c> section. Links in mails begin with it; what a request says of its own host is not believed there.</summary>
public sealed class ConsoleOptions
{
    public const string Section = "Console";

    /// <summary>Where staff reach the console, as <c>https://console.isp.example/</c>. Null: no mail can lead there.</summary>
    public Uri? PublicUrl { get; init; }
}

internal sealed class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsoleOptions options) => options.PublicUrl switch
    {
        null => ValidateOptionsResult.Success,
        { IsAbsoluteUri: true, Scheme: "https" or "http", AbsolutePath: "/", Query: "" } => ValidateOptionsResult.Success,
        _ => ValidateOptionsResult.Fail("Console:PublicUrl must be an address as https://console.isp.example."),
    };
}
