using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EasyIsp.Core.Payments;

/// <summary>What payments need of the <c>Portal</c> section. Checked at start: a missing address stops the process, not the first payment.</summary>
public sealed class PaymentsOptions
{
    public const string Section = "Portal";

    /// <summary>
    /// The public address of the portal, without a path. Production providers call https with a trusted certificate and
    /// lower-case host names only (mpesa.md, 1).
    /// </summary>
    [Required, Url]
    public required string PublicUrl { get; init; }
}

[OptionsValidator]
public sealed partial class PaymentsOptionsValidator : IValidateOptions<PaymentsOptions>;
