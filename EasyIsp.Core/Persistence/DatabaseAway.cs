using System.Data.Common;

namespace EasyIsp.Core.Persistence;

/// <summary>Tells the database's absence from what is wrong with ourselves.</summary>
public static class DatabaseAway
{
    /// <summary>Whether this is the database's absence, however deep EF has wrapped it.</summary>
    public static bool Explains(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is DbException or TimeoutException)
                return true;
        }

        return false;
    }
}
