using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>Rows to the parameters of a statement that takes a column as an array.</summary>
internal static class Arrays
{
    public static NpgsqlParameter<T[]> Of<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(rows[i]);
        return new NpgsqlParameter<T[]> { TypedValue = values };
    }
}
