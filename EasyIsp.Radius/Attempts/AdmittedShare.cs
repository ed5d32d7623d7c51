using System.Collections.Concurrent;

namespace EasyIsp.Radius.Attempts;

/// <summary>
/// Which of the admitted logins are kept: of each tenant so many in a second, and with the next one the number of those that
/// were not. A storm of logins after a power cut costs the log no more than a busy evening.
/// </summary>
internal sealed class AdmittedShare(int perSecond)
{
    private readonly ConcurrentDictionary<Guid, Share> _shares = new();

    /// <param name="leftOut">Of the same tenant, since the one before that was kept.</param>
    public bool TryTake(Guid tenantId, DateTimeOffset now, out int leftOut)
        => _shares.GetOrAdd(tenantId, static _ => new Share()).TryTake(now.ToUnixTimeSeconds(), perSecond, out leftOut);

    private sealed class Share
    {
        private readonly Lock _gate = new();
        private long _second;
        private int _taken;
        private int _leftOut;

        public bool TryTake(long second, int most, out int leftOut)
        {
            // Read without the gate: what is one too many or too few at the turn of a second does no harm.
            if (Volatile.Read(ref _second) == second && Volatile.Read(ref _taken) >= most)
            {
                Interlocked.Increment(ref _leftOut);
                leftOut = 0;
                return false;
            }

            lock (_gate)
            {
                if (_second != second)
                    (_second, _taken) = (second, 0);
                _taken++;
            }

            leftOut = Interlocked.Exchange(ref _leftOut, 0);
            return true;
        }
    }
}
