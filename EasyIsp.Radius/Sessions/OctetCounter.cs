namespace EasyIsp.Radius.Sessions;

/// <summary>
/// What is known of a session's octets after one more report, in whatever order the reports come. A router that sends
/// Gigawords (RFC 2869 section 5.1) counts to 64 bits, and its larger figure is the truth. One that does not begins
/// again at 4 GiB: a figure that went down while the session's time went up has wrapped, provided that the missing
/// octets could have passed in that time. Otherwise the router lost count, and what was known stands.
/// </summary>
internal static class OctetCounter
{
    /// <summary>Faster than one customer's line: 1 Gbit/s.</summary>
    public const long MostPerSecond = 125_000_000;

    private const long Turn = 1L << 32;

    /// <param name="knownSeconds">Acct-Session-Time of what is known, <paramref name="toldSeconds"/> of the report.</param>
    public static long Merge(long known, long knownSeconds, long told, long toldSeconds, bool mayWrap)
    {
        if (!mayWrap)
            return Math.Max(known, told);
        if (toldSeconds < knownSeconds)
            return told <= known ? known : Later(told, known, knownSeconds - toldSeconds);

        return Later(known, told, toldSeconds - knownSeconds);
    }

    private static long Later(long before, long told, long seconds)
    {
        var sameTurn = (before & ~(Turn - 1)) | (told & (Turn - 1));
        if (sameTurn >= before)
            return sameTurn;

        var nextTurn = sameTurn + Turn;
        return nextTurn - before <= seconds * MostPerSecond ? nextTurn : before;
    }
}
