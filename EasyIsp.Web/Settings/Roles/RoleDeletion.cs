using EasyIsp.Core.Identity;
using EasyIsp.Web.Blocks;
using MudBlazor;

namespace EasyIsp.Web.Settings.Roles;

/// <summary>Deletes a role from wherever it is shown.</summary>
internal static class RoleDeletion
{
    /// <returns>True when it is gone.</returns>
    public static async Task<bool> AskAsync(Guid roleId, string name, RoleDesk desk, IDialogService dialogs, ISnackbar snackbar)
    {
        if (!await dialogs.ConfirmAsync($"Delete the role {name}?", "Nobody has it now. What it might do is kept in the company's history. This cannot be undone.", "Delete role"))
            return false;

        switch (await desk.DeleteAsync(roleId, CancellationToken.None))
        {
            case RoleOutcome.Deleted:
                snackbar.Done($"{name} is deleted.");
                return true;
            case var refusal:
                snackbar.Failed(RoleWords.Of(refusal));
                return refusal is RoleOutcome.Gone;
        }
    }
}
