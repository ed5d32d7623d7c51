using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;

namespace EasyIsp.Benchmarks.Payments;

/// <summary>A provider that answers before one has asked: what is left is our own part.</summary>
internal sealed class InstantProvider : IDarajaClient
{
    private int _prompts;

    public Task<PromptResult> PushAsync(DarajaCredentials credentials, StkPushOrder order, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _prompts);
        return Task.FromResult<PromptResult>(new PromptResult.Accepted($"bench-{number}", $"ws_CO_bench_{number}"));
    }

    public Task<StkQueryResult> QueryAsync(DarajaCredentials credentials, string checkoutRequestId, CancellationToken cancellationToken)
        => Task.FromResult<StkQueryResult>(new StkQueryResult.StillPending());

    public Task<CredentialsCheck> CheckCredentialsAsync(DarajaCredentials credentials, CancellationToken cancellationToken)
        => Task.FromResult<CredentialsCheck>(new CredentialsCheck.Works());

    public Task<C2bRegistration> RegisterAsync(DarajaCredentials credentials, C2bAddresses addresses, CancellationToken cancellationToken)
        => Task.FromResult<C2bRegistration>(new C2bRegistration.Registered());
}
