using EasyIsp.Core.Sessions.Attempts;

namespace EasyIsp.Radius.Attempts;

/// <summary>Makes lines of logins: a refusal that is repeated before <see cref="LoginRecord.RepeatedWithin"/> is over is counted on its line.</summary>
internal sealed class LoginLines
{
    /// <summary>Lines remembered; with more of them repeated refusals begin new ones.</summary>
    private const int Capacity = 50_000;

    private readonly Dictionary<LoginSubject, LoginLine> _refused = [];
    private readonly HashSet<LoginLine> _changed = [];

    public int Changed => _changed.Count;

    public void Enter(LoginEntry entry)
    {
        if (entry.Subject.Refusal is null)
        {
            _changed.Add(Begin(entry));
            return;
        }

        if (_refused.TryGetValue(entry.Subject, out var line) && line.Covers(entry.At))
            line.Repeat(entry.At);
        else
            _refused[entry.Subject] = line = Begin(entry);
        _changed.Add(line);
    }

    /// <returns>What has changed since the last time, in the order of ids, so that two writers do not wait for each other in a ring.</returns>
    public LoginLine[] Take(DateTimeOffset now)
    {
        var lines = _changed.OrderBy(line => line.Id).ToArray();
        _changed.Clear();
        if (_refused.Count > Capacity)
            Forget(now);
        return lines;
    }

    private static LoginLine Begin(LoginEntry entry) => new(Guid.CreateVersion7(entry.At), entry);

    private void Forget(DateTimeOffset now)
    {
        foreach (var (subject, line) in _refused)
        {
            if (!line.Covers(now))
                _refused.Remove(subject);
        }

        if (_refused.Count > Capacity)
            _refused.Clear();
    }
}
