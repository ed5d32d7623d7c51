using System.Collections.Concurrent;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>Shares tokens within one process; before a store that shares them between processes, or alone.</summary>
internal sealed class MemoryTokenStore(TimeProvider clock) : ITokenStore
{
    private readonly ConcurrentDictionary<string, Lazy<Task<AccessToken>>> _flights = new(StringComparer.Ordinal);

    public async Task<AccessToken> GetAsync(
        string key, Func<Task<AccessToken>> renew, CancellationToken cancellationToken)
    {
        while (true)
        {
            var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<AccessToken>>(async () => await renew()));
            try
            {
                var token = await flight.Value.WaitAsync(cancellationToken);
                if (clock.GetUtcNow() < token.RenewAt)
                    return token;
            }
            catch when (flight.Value.IsFaulted || flight.Value.IsCanceled)
            {
                Forget(key, flight);
                throw;
            }

            Forget(key, flight);
        }
    }

    public async Task DropAsync(string key, AccessToken token, CancellationToken cancellationToken)
    {
        if (_flights.TryGetValue(key, out var flight)
            && flight.Value.IsCompletedSuccessfully
            && await flight.Value == token)
        {
            Forget(key, flight);
        }
    }

    private void Forget(string key, Lazy<Task<AccessToken>> flight)
        => _flights.TryRemove(KeyValuePair.Create(key, flight));
}
