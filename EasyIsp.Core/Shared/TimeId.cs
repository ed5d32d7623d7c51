namespace EasyIsp.Core.Shared;

/// <summary>Ids are UUID version 7 (RFC 9562, 5.7): they begin with the millisecond in which they were made.</summary>
internal static class TimeId
{
    /// <summary>The smallest id of an instant: what the partitions are cut by.</summary>
    public static Guid FirstOf(DateTimeOffset instant)
        => new($"{instant.ToUnixTimeMilliseconds():x12}".Insert(8, "-") + "-0000-0000-000000000000");
}
