using EasyIsp.Core.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace EasyIsp.Core.Limits;

/// <summary>
/// The buckets that all processes share: one round trip for all keys of a deed, on connections of its own, so that a flood of
/// tries takes none from who has work to do.
/// </summary>
internal sealed class LimitStore(LimitDataSource database)
{
    private const string TakeSql = "select place, full_at, refused_until, is_first from take_tries($1, $2, $3, $4, $5, $6)";
    private const string FailSql = "select place, failures, paused_until, was_counted from count_failures($1, $2, $3, $4, $5, $6, $7)";

    /// <param name="known">Of each key: until when this process takes it to be used up.</param>
    /// <returns>A line for each try that was taken, or only the last is a refusal.</returns>
    public async Task<IReadOnlyList<TakenTry>> TakeAsync(
        IReadOnlyList<LimitKey> keys, IReadOnlyList<DateTimeOffset> known, LimitOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rules = keys.Select(key => key.Rule is TryRule rule ? options.Of(rule) : null).ToArray();
        await using var command = database.Value.CreateCommand(TakeSql);
        Add(command, now, keys);
        Add(command, Array.ConvertAll(rules, rule => rule?.Step ?? TimeSpan.Zero));
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = Array.ConvertAll(rules, rule => rule?.Tries ?? 0) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset[]> { TypedValue = [.. known] });

        var taken = new List<TakenTry>(keys.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            taken.Add(new TakenTry(reader.GetInt32(0) - 1, Instant(reader, 1), Instant(reader, 2), reader.GetBoolean(3)));
        return taken;
    }

    public async Task<IReadOnlyList<CountedFailure>> FailAsync(IReadOnlyList<LimitKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rules = keys.Select(key => (PauseRule)key.Rule).ToArray();
        await using var command = database.Value.CreateCommand(FailSql);
        Add(command, now, keys);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = Array.ConvertAll(rules, rule => rule.Free) });
        Add(command, Array.ConvertAll(rules, rule => rule.First));
        Add(command, Array.ConvertAll(rules, rule => rule.Longest));
        Add(command, Array.ConvertAll(rules, rule => rule.Forgotten));

        var counted = new List<CountedFailure>(keys.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            counted.Add(new CountedFailure(reader.GetInt32(0) - 1, reader.GetInt32(1), Instant(reader, 2), reader.GetBoolean(3)));
        return counted;
    }

    private static void Add(NpgsqlCommand command, DateTimeOffset now, IReadOnlyList<LimitKey> keys)
    {
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. keys.Select(key => key.Bytes)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.Rule.Name)] });
    }

    private static void Add(NpgsqlCommand command, TimeSpan[] lengths)
        => command.Parameters.Add(new NpgsqlParameter<TimeSpan[]> { TypedValue = lengths, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Interval });

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}

/// <param name="Place">Among the keys that were asked for.</param>
/// <param name="FullAt">Null of a refusal.</param>
/// <param name="IsFirst">Of a refusal: nobody was told of one of this key for a window.</param>
internal sealed record TakenTry(int Place, DateTimeOffset? FullAt, DateTimeOffset? RefusedUntil, bool IsFirst);

/// <param name="WasCounted">False during a pause: nothing was looked at.</param>
internal sealed record CountedFailure(int Place, int Failures, DateTimeOffset? PausedUntil, bool WasCounted);
