using Microsoft.AspNetCore.Identity;

namespace EasyIsp.Web.Tests.Account;

/// <summary>A passkey as it lies in an account; nothing signs in by it.</summary>
internal static class Passkeys
{
    public static UserPasskeyInfo Any() => new(
        credentialId: [1, 2, 3], publicKey: [4], createdAt: DateTimeOffset.UnixEpoch, signCount: 0, transports: ["internal"],
        isUserVerified: true, isBackupEligible: false, isBackedUp: false, attestationObject: [5], clientDataJson: [6]);
}
