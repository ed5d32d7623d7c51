using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>
/// Listens to what EF tells of itself, and keeps every unit of work's SQL with its parameters, so that the same can be
/// carried out without us.
/// </summary>
internal sealed class SqlRecorder : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentDictionary<Guid, SqlUnit> _units = new();
    private readonly List<IDisposable> _subscriptions = [];
    private int _begun;

    private SqlRecorder() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    public static SqlRecorder Start() => new();

    /// <summary>Those that have been committed or read something, in the order in which they began.</summary>
    public IReadOnlyList<SqlUnit> Units => [.. _units.Values.Where(unit => unit.Commands.Count > 0).OrderBy(unit => unit.Number)];

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory)
            _subscriptions.Add(value.Subscribe(this));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        switch (value.Value)
        {
            case CommandEventData { Command: NpgsqlCommand command } data when value.Key == RelationalEventId.CommandExecuting.Name:
                UnitOf(data, command.Connection!).Commands.Add(new SqlCommand(
                    command.CommandText, [.. command.Parameters.Select(parameter => parameter.Clone())]));
                break;
            case TransactionEndEventData data when value.Key == RelationalEventId.TransactionCommitted.Name:
                UnitOf(data, (NpgsqlConnection)data.Transaction.Connection!).IsCommitted = true;
                break;
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    private static string DbLoggerCategory => Microsoft.EntityFrameworkCore.DbLoggerCategory.Name;

    private SqlUnit UnitOf(DbContextEventData data, NpgsqlConnection? connection) => _units.GetOrAdd(
        data.Context!.ContextId.InstanceId,
        _ => new SqlUnit(Interlocked.Increment(ref _begun), connection?.UserName ?? throw new InvalidOperationException("A unit of work began with its end.")));
}

/// <summary>One transaction.</summary>
internal sealed class SqlUnit(int number, string role)
{
    public int Number => number;
    public string Role => role;
    public List<SqlCommand> Commands { get; } = [];
    public bool IsCommitted { get; set; }
}

internal sealed record SqlCommand(string Text, IReadOnlyList<NpgsqlParameter> Parameters);
