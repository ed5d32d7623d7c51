using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EasyIsp.Portal.Hosting;

/// <summary>The <c>Portal</c> section.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The folder of themes; beside the program unless set.</summary>
    public string? ThemesPath { get; init; }

    /// <summary>A folder in it.</summary>
    [Required, RegularExpression("^[a-z0-9-]+$")]
    public string Theme { get; init; } = "default";

    /// <summary>
    /// The addresses and networks (<c>196.201.214.0/24</c>) that payment providers call from; empty takes callbacks from
    /// anywhere, which their secret addresses allow for (mpesa.md, 14).
    /// </summary>
    public string[] CallbackSources { get; init; } = [];
}

[OptionsValidator]
internal sealed partial class PortalOptionsValidator : IValidateOptions<PortalOptions>;
