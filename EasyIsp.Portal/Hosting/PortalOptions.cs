using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EasyIsp.Portal.Hosting;

/// <summary>The <c>Portal</c> section.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>Where browsers and payment providers reach the portal, without a path.</summary>
    [Required, Url]
    public string PublicUrl { get; init; } = "http://127.0.0.1:5081";

    /// <summary>The folder of themes; beside the program unless set.</summary>
    public string? ThemesPath { get; init; }

    /// <summary>A folder in it.</summary>
    [Required, RegularExpression("^[a-z0-9-]+$")]
    public string Theme { get; init; } = "default";
}

[OptionsValidator]
internal sealed partial class PortalOptionsValidator : IValidateOptions<PortalOptions>;
