namespace EasyIsp.Core.Identity;

/// <summary>A role as somebody asks for it.</summary>
public sealed record RoleDraft(string Name, IReadOnlySet<Permission> Permissions)
{
    /// <summary>With what the chosen permissions are of no use without.</summary>
    public RoleDraft Whole() => new(Name.Trim(), PermissionCatalogue.WithNeeded(Permissions));

    public bool IsSameAs(RoleDraft other) => Name == other.Name && Permissions.SetEquals(other.Permissions);
}

/// <summary>What cannot stand as it is.</summary>
public enum RoleFault
{
    Name,

    /// <summary>Another role of the company is called so.</summary>
    NameTaken,

    /// <summary>None was chosen.</summary>
    NoPermissions,

    /// <summary>More than the person has.</summary>
    ForeignPermissions,
}

/// <summary>What a role must satisfy; the form asks the same questions as the desk.</summary>
public static class RoleRules
{
    public const int MaxNameLength = 60;

    /// <param name="own">What the person may who makes or changes the role.</param>
    public static IReadOnlyList<RoleFault> FaultsIn(RoleDraft draft, IReadOnlySet<Permission> own) => [.. Faults(draft.Whole(), own)];

    private static IEnumerable<RoleFault> Faults(RoleDraft draft, IReadOnlySet<Permission> own)
    {
        if (draft.Name.Length is 0 or > MaxNameLength)
            yield return RoleFault.Name;
        if (draft.Permissions.Count == 0)
            yield return RoleFault.NoPermissions;
        if (!own.IsSupersetOf(draft.Permissions))
            yield return RoleFault.ForeignPermissions;
    }
}

public abstract record RoleOutcome
{
    private RoleOutcome() { }

    public sealed record Saved(Guid RoleId) : RoleOutcome;

    public sealed record Deleted : RoleOutcome;

    public sealed record Refused(IReadOnlyList<RoleFault> Faults) : RoleOutcome;

    public sealed record Gone : RoleOutcome;

    public sealed record ChangedMeanwhile : RoleOutcome;

    /// <summary>The admin's role, or one that may more than the person who would change it.</summary>
    public sealed record OutOfReach : RoleOutcome;

    public sealed record InUse(int People) : RoleOutcome;
}

/// <param name="Without">How many of them have no second factor yet.</param>
/// <param name="IsWithinReach">It may no more than the person who looks: he may give it.</param>
public sealed record RoleRow(
    Guid Id, string Name, bool IsAdmin, IReadOnlySet<Permission> Permissions, int People, int Without, bool RequiresSecondFactor, bool IsWithinReach);

/// <summary>A role as it was when somebody began to change it.</summary>
/// <param name="Own">What that person may himself.</param>
public sealed record RoleInHand(Guid Id, RoleDraft Draft, bool IsAdmin, bool RequiresSecondFactor, IReadOnlyList<StaffRow> People, IReadOnlySet<Permission> Own)
{
    /// <summary>Whether the person may change it at all; the admin's role is nobody's to change.</summary>
    public bool IsWithinReach => !IsAdmin && Own.IsSupersetOf(Draft.Permissions);
}
