using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Identity;

/// <summary>A person whom an admin wants in the company.</summary>
public sealed record Invitation(string Name, string Email, Guid RoleId);

/// <summary>What cannot stand as it is.</summary>
public enum InvitationFault
{
    Name,
    Email,
    Role,

    /// <summary>The role may more than the person who invites.</summary>
    RoleStronger,

    /// <summary>The address works here already.</summary>
    AlreadyHere,
}

/// <summary>What an invitation must satisfy; the form asks the same questions as the desk.</summary>
public static class InvitationRules
{
    public static IReadOnlyList<InvitationFault> FaultsIn(Invitation invitation) => [.. Faults(invitation)];

    private static IEnumerable<InvitationFault> Faults(Invitation invitation)
    {
        if (invitation.Name.Trim().Length is 0 or > StaffUser.MaxDisplayNameLength)
            yield return InvitationFault.Name;
        if (EmailAddress.Read(invitation.Email) is null)
            yield return InvitationFault.Email;
        if (invitation.RoleId == Guid.Empty)
            yield return InvitationFault.Role;
    }
}

public abstract record InvitationOutcome
{
    private InvitationOutcome() { }

    /// <summary>A mail tells the person how to go on.</summary>
    public sealed record Mailed : InvitationOutcome;

    /// <summary>No mail can be sent: the admin hands the link over himself.</summary>
    /// <param name="Key">Of the link, the only copy there is.</param>
    public sealed record HandOver(string Key) : InvitationOutcome;

    /// <summary>No mail can be sent, and none is needed: the person has a password, or a link of another company.</summary>
    public sealed record HasAccount : InvitationOutcome;

    /// <summary>So many were invited, or sent a link, that this waits.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : InvitationOutcome;

    public sealed record Refused(IReadOnlyList<InvitationFault> Faults) : InvitationOutcome;
}

/// <summary>How a deed about a person's place ended.</summary>
public enum StaffOutcome
{
    Done,

    /// <summary>He does not work here (any more), or the role is not the company's.</summary>
    Unknown,

    /// <summary>Nobody does this to himself.</summary>
    Self,

    /// <summary>Nobody would be left who can say who works here.</summary>
    LastAdmin,

    /// <summary>The role may more than the person who would give it.</summary>
    RoleStronger,

    /// <summary>The person may more than who would do this to him.</summary>
    Outranked,

    /// <summary>An admin sees every router: somebody must.</summary>
    AdminSeesAll,

    /// <summary>The account is another company's too: what concerns the account itself is not this one's to decide.</summary>
    WorksElsewhere,
}

/// <summary>A member of staff as an admin sees him.</summary>
/// <param name="HasPassword">False until the invitation is accepted.</param>
/// <param name="RouterIds">The only routers that he sees; null for all.</param>
public sealed record StaffRow(
    Guid UserId,
    string Name,
    string Email,
    Guid RoleId,
    string Role,
    bool HasPassword,
    bool HasSecondFactor,
    int Passkeys,
    DateTimeOffset? LastSeenAt,
    IReadOnlyList<Guid>? RouterIds);
