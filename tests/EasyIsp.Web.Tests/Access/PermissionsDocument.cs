using System.Runtime.CompilerServices;
using System.Text;
using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Tests.Access;

/// <summary><c>docs/permissions.md</c>: what each permission opens, what each role has, and what each door asks.</summary>
internal static class PermissionsDocument
{
    public static string File { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "permissions.md");

    public static string Of(IReadOnlyList<Door> doors)
    {
        var text = new StringBuilder("""
            # Permissions

            Made from the code by `./easyisp docs`; a test compares it with the code, and every line of it with what the running
            console answers to each of these people. [Staff](staff.md) tells how roles are made and given.

            A role is a set of permissions. Pages, buttons, downloads and the API ask for the same ones. A button that is not
            allowed is not shown; a page, a file or an endpoint that is not allowed is refused. A token of the API may what both it
            and the person who made it may.

            ## What each permission opens, and who has it as delivered

            *Needs* names what a permission is of no use without: who ticks the one gets the other.

            """.ReplaceLineEndings("\n"));
        foreach (var group in PermissionCatalogue.All.GroupBy(definition => definition.Feature.Group))
        {
            text.Append('\n').Append($"### {group.Key}").Append("\n\n");
            Row(text, ["Permission", "May", "Opens", "Needs", .. StandardRoles.All.Keys]);
            Row(text, Enumerable.Repeat("---", 4 + StandardRoles.All.Count));
            foreach (var one in group)
            {
                Row(text, [one.Permission.ToString(), $"{one.Feature.Name}: {one.Name}", one.Opens, one.Needs?.ToString() ?? "",
                    .. StandardRoles.All.Values.Select(role => Mark(role.Contains(one.Permission)))]);
            }
        }

        Doors(text, "Pages", "What a page asks for to be opened; what is on it asks for more.", doors.Where(door => door.Kind == DoorKind.Page && !IsOpen(door)));
        Doors(text, "Downloads and forms", "Files that leave the console, and where forms go.", doors.Where(door => door.Kind == DoorKind.Endpoint && !IsOpen(door)));
        Doors(
            text,
            "API",
            "With a token of such a person that has all that he may. Who works for no company, and the super admin, have no tokens.",
            doors.Where(door => door.Kind == DoorKind.Api && !IsOpen(door)));
        Reasons(text, "Open to who is signed in, whatever his role", OpenDoors.ToTheSignedIn);
        Reasons(text, "Open to everybody", OpenDoors.ToAll);
        return text.ToString();
    }

    private static bool IsOpen(Door door) => door.AsksNothing || door.AsksASignInAlone;

    private static void Doors(StringBuilder text, string title, string lead, IEnumerable<Door> doors)
    {
        text.Append('\n').Append($"## {title}").Append("\n\n").Append(lead).Append("\n\n");
        Row(text, ["Address", "Asks for", .. Visitor.All.Select(visitor => visitor.Name)]);
        Row(text, Enumerable.Repeat("---", 2 + Visitor.All.Count));
        foreach (var door in doors)
            Row(text, [$"`{(door.Kind == DoorKind.Page ? "" : $"{door.Method} ")}{door.Route}`", door.Asks, .. Visitor.All.Select(visitor => Mark(door.Admits(visitor)))]);
    }

    private static void Reasons(StringBuilder text, string title, IReadOnlyDictionary<string, string> doors)
    {
        text.Append('\n').Append($"## {title}").Append("\n\n");
        Row(text, ["Address", "Why"]);
        Row(text, ["---", "---"]);
        foreach (var (door, why) in doors.OrderBy(door => door.Key, StringComparer.Ordinal))
            Row(text, [$"`{door}`", why]);
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");

    private static string Mark(bool isAllowed) => isAllowed ? "✓" : "";

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
