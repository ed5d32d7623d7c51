using MudBlazor;

namespace EasyIsp.Web.Blocks;

/// <summary>The states that things of the product may be in. One word, one colour and one icon each, everywhere.</summary>
public enum State
{
    Online,
    Offline,
    Active,
    Available,
    Upcoming,
    Expiring,
    Expired,
    Suspended,
    Disabled,
    Pending,
    Paid,
    Sent,
    Delivered,
    Used,
    Failed,
    Cancelled,
    Revoked,
    Unmatched,
    Reversed,
    Refunded,
    Archived,
    Deleted,
    New,
    Admitted,
    Limited,
    Refused,
    Confirmed,
    Unconfirmed,
    Differs,
    Copy,
    Unrelated,
    Unrecognised,
    Unknown,
}

internal readonly record struct StateLook(string Word, string Tone, string Icon)
{
    private const string Good = "good";
    private const string Calm = "calm";
    private const string Warn = "warn";
    private const string Bad = "bad";
    private const string Quiet = "quiet";

    public static StateLook Of(State state) => state switch
    {
        State.Online => new("online", Good, Icons.Material.Filled.Circle),
        State.Offline => new("offline", Quiet, Icons.Material.Outlined.Circle),
        State.Active => new("active", Good, Icons.Material.Outlined.CheckCircle),
        State.Available => new("available", Calm, Icons.Material.Outlined.RadioButtonUnchecked),
        State.Upcoming => new("upcoming", Calm, Icons.Material.Outlined.Event),
        State.Expiring => new("expiring", Warn, Icons.Material.Outlined.HourglassBottom),
        State.Expired => new("expired", Quiet, Icons.Material.Outlined.HourglassDisabled),
        State.Suspended => new("suspended", Bad, Icons.Material.Outlined.PauseCircle),
        State.Disabled => new("disabled", Quiet, Icons.Material.Outlined.Block),
        State.Pending => new("pending", Warn, Icons.Material.Outlined.Schedule),
        State.Paid => new("paid", Good, Icons.Material.Outlined.Paid),
        State.Sent => new("sent", Calm, Icons.Material.Outlined.Send),
        State.Delivered => new("delivered", Good, Icons.Material.Outlined.DoneAll),
        State.Used => new("used", Quiet, Icons.Material.Outlined.CheckCircle),
        State.Failed => new("failed", Bad, Icons.Material.Outlined.ErrorOutline),
        State.Cancelled => new("cancelled", Quiet, Icons.Material.Outlined.Cancel),
        State.Revoked => new("revoked", Bad, Icons.Material.Outlined.Block),
        State.Unmatched => new("unmatched", Warn, Icons.Material.Outlined.HelpOutline),
        State.Reversed => new("reversed", Quiet, Icons.Material.Outlined.Undo),
        State.Refunded => new("refunded", Quiet, Icons.Material.Outlined.Undo),
        State.Archived => new("archived", Quiet, Icons.Material.Outlined.Inventory2),
        State.Deleted => new("deleted", Quiet, Icons.Material.Outlined.DeleteOutline),
        State.New => new("new", Calm, Icons.Material.Outlined.NewReleases),
        State.Admitted => new("admitted", Good, Icons.Material.Outlined.CheckCircle),
        State.Limited => new("limited", Warn, Icons.Material.Outlined.Lock),
        State.Refused => new("refused", Bad, Icons.Material.Outlined.Block),
        State.Confirmed => new("confirmed", Good, Icons.Material.Outlined.Verified),
        State.Unconfirmed => new("unconfirmed", Warn, Icons.Material.Outlined.GppMaybe),
        State.Differs => new("differs", Bad, Icons.Material.Outlined.Difference),
        State.Copy => new("copy", Quiet, Icons.Material.Outlined.ContentCopy),
        State.Unrelated => new("unrelated", Quiet, Icons.Material.Outlined.MoneyOff),
        State.Unrecognised => new("unrecognised", Warn, Icons.Material.Outlined.HelpOutline),
        _ => new("unknown", Quiet, Icons.Material.Outlined.HelpOutline),
    };
}
