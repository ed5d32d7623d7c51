namespace EasyIsp.Core.Identity.ApiTokens;

/// <summary>A token as somebody asks for it.</summary>
/// <param name="ExpiresAt">Null for one without end.</param>
public sealed record ApiTokenDraft(string Name, IReadOnlyCollection<Permission> Permissions, DateTimeOffset? ExpiresAt);

/// <summary>What cannot stand as it is.</summary>
public enum ApiTokenFault
{
    Name,

    /// <summary>None was chosen.</summary>
    NoPermissions,

    /// <summary>More than the person has.</summary>
    ForeignPermissions,

    /// <summary>Not in the future.</summary>
    Expiry,

    /// <summary>Only who works for the tenant makes tokens: one of the platform's support would outlast the visit.</summary>
    NotStaff,
}

/// <summary>What a draft must satisfy; the form asks the same questions as the desk.</summary>
public static class ApiTokenRules
{
    public const int MaxNameLength = 60;

    /// <param name="access">Of the person who asks; null when he does not work for the tenant.</param>
    public static IReadOnlyList<ApiTokenFault> FaultsIn(ApiTokenDraft draft, StaffAccess? access, DateTimeOffset now)
        => [.. Faults(draft, access, now)];

    private static IEnumerable<ApiTokenFault> Faults(ApiTokenDraft draft, StaffAccess? access, DateTimeOffset now)
    {
        if (draft.Name.Trim().Length is 0 or > MaxNameLength)
            yield return ApiTokenFault.Name;
        if (draft.Permissions.Count == 0)
            yield return ApiTokenFault.NoPermissions;
        if (draft.ExpiresAt <= now)
            yield return ApiTokenFault.Expiry;
        if (access is null)
            yield return ApiTokenFault.NotStaff;
        else if (!access.Permissions.IsSupersetOf(draft.Permissions))
            yield return ApiTokenFault.ForeignPermissions;
    }
}

public abstract record ApiTokenOutcome
{
    private ApiTokenOutcome() { }

    /// <param name="Text">The only copy there is.</param>
    public sealed record Made(Guid TokenId, string Text) : ApiTokenOutcome;

    public sealed record Refused(IReadOnlyList<ApiTokenFault> Faults) : ApiTokenOutcome;
}

public enum ApiTokenState
{
    Active,
    Expired,
    Revoked,

    /// <summary>Whoever made it no longer works for the tenant.</summary>
    Orphaned,
}

public sealed record ApiTokenRow(
    Guid Id,
    string Name,
    string Hint,
    IReadOnlyList<Permission> Permissions,
    string MadeByName,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    ApiTokenState State);
