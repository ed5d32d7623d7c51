using Npgsql;
using NpgsqlTypes;

namespace EasyIsp.Radius.Sessions;

/// <summary>What routers were told of sessions that are about to be written for the first time.</summary>
internal static class ToldColumn
{
    public static NpgsqlParameter<string?[]> Of<TRow>(IReadOnlyList<TRow> rows, Func<TRow, Place?> placeOf)
    {
        var told = Arrays.Of(rows, row => placeOf(row)?.Told?.Write());
        told.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb;
        return told;
    }
}
