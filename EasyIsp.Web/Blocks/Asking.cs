using MudBlazor;

namespace EasyIsp.Web.Blocks;

/// <summary>The two ways to guard a deed: ask before what cannot be undone, offer Undo after what can.</summary>
internal static class Asking
{
    /// <param name="consequence">What will happen, in numbers: "12 customers go offline at once."</param>
    /// <param name="action">The verb on the button.</param>
    public static async Task<bool> ConfirmAsync(this IDialogService dialogs, string title, string consequence, string action)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { dialog => dialog.Title, title },
            { dialog => dialog.Consequence, consequence },
            { dialog => dialog.Action, action },
        };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(title, parameters);
        return await dialog.Result is { Canceled: false };
    }

    /// <param name="consequence">What will happen, in numbers.</param>
    /// <param name="action">The verb on the button.</param>
    /// <returns>The reason; null when the person thought better of it.</returns>
    public static async Task<string?> AskWhyAsync(this IDialogService dialogs, string title, string consequence, string action)
    {
        var parameters = new DialogParameters<ReasonDialog>
        {
            { dialog => dialog.Title, title },
            { dialog => dialog.Consequence, consequence },
            { dialog => dialog.Action, action },
        };
        var dialog = await dialogs.ShowAsync<ReasonDialog>(title, parameters);
        return await dialog.Result is { Canceled: false, Data: string reason } ? reason : null;
    }

    public static void Done(this ISnackbar snackbar, string what) => snackbar.Add(what, Severity.Success);

    /// <param name="reason">What happened, what was not lost, what to do.</param>
    public static void Failed(this ISnackbar snackbar, string reason) => snackbar.Add(reason, Severity.Error);

    public static void DoneWithUndo(this ISnackbar snackbar, string what, Func<Task> undo) => snackbar.Add(what, Severity.Success, options =>
    {
        options.Action = "Undo";
        options.VisibleStateDuration = 8000;
        options.OnClick = _ => undo();
    });
}
