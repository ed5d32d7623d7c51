namespace EasyIsp.Radius.Policy;

/// <summary>What a CoA-Request changes of a session; what is null stays as it is.</summary>
/// <param name="SessionSeconds">From the session's start.</param>
/// <param name="IdleSeconds">Zero: no limit.</param>
/// <param name="Group">Mikrotik-Group: a profile of the router's by name.</param>
internal sealed record SessionChange(
    string? RateLimit = null, uint? SessionSeconds = null, uint? IdleSeconds = null, string? Group = null, string? FilterId = null)
{
    public bool IsNothing => this == new SessionChange();

    /// <summary><c>speed</c>, <c>speed and time</c>: what people call it.</summary>
    public string InWords => string.Join(" and ", Names());

    private IEnumerable<string> Names()
    {
        if (RateLimit is not null)
            yield return "speed";
        if (SessionSeconds is not null)
            yield return "time";
        if (IdleSeconds is not null)
            yield return "idle time";
        if (Group is not null)
            yield return "group";
        if (FilterId is not null)
            yield return "filter";
    }
}
