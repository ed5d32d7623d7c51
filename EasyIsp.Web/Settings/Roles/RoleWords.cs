using EasyIsp.Core.Identity;
using EasyIsp.Web.Blocks;

namespace EasyIsp.Web.Settings.Roles;

/// <summary>What the domain says of roles, in the words of the screens.</summary>
internal static class RoleWords
{
    public static string Of(PermissionVerb verb) => verb switch
    {
        PermissionVerb.View => "See",
        PermissionVerb.Create => "Add",
        _ => verb.ToString(),
    };

    public static string Of(RoleFault fault) => fault switch
    {
        RoleFault.Name => $"A name of up to {RoleRules.MaxNameLength} letters is needed.",
        RoleFault.NameTaken => "Another role is called so.",
        RoleFault.NoPermissions => "Choose one thing at least.",
        _ => "You cannot allow more than you may do yourself.",
    };

    /// <summary>Why a role was not changed or deleted.</summary>
    public static string Of(RoleOutcome outcome) => outcome switch
    {
        RoleOutcome.OutOfReach => "This role may more than you: somebody who may as much can change it.",
        RoleOutcome.InUse inUse => $"{Figures.Count(inUse.People, "person has", "people have")} this role. Give them another one first.",
        RoleOutcome.ChangedMeanwhile => "Somebody else has changed this role meanwhile; nothing was saved.",
        _ => "This role is not there any more.",
    };

    /// <summary>"everything", "34 of 66 things".</summary>
    public static string HowMuch(IReadOnlyCollection<Permission> permissions)
        => permissions.Count == PermissionCatalogue.All.Count ? "everything" : $"{permissions.Count} of {PermissionCatalogue.All.Count} things";

    public static string PeopleOf(int people) => people == 0 ? "nobody" : Figures.Count(people, "person", "people");
}
