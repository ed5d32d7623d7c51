using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>Accounting could be made durable nowhere: it must not be answered, so that the router keeps it.</summary>
internal sealed class NotRecordedException(string why, bool isSpoolFull = false, Exception? cause = null) : Exception(why, cause)
{
    public bool IsSpoolFull => isSpoolFull;
}

internal static class DatabaseRefusals
{
    extension(PostgresException exception)
    {
        /// <summary>Whether the database is well and the value is not: to be told from a database that is away.</summary>
        public bool IsOfData => exception.SqlState[..2] is "22" or "23" or "54";
    }
}
