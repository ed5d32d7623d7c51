using EasyIsp.Core.Payments.Providers;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The one way to Safaricom. Network trouble is an answer here, never an exception.</summary>
public interface IDarajaClient
{
    /// <summary>
    /// Asks for a prompt on the payer's phone, once: a push is not idempotent and is never sent again by itself, except
    /// with a fresh token when Daraja refused the first.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up; the outcome is unknown to him.</exception>
    Task<PromptResult> PushAsync(DarajaCredentials credentials, StkPushOrder order, CancellationToken cancellationToken);

    Task<StkQueryResult> QueryAsync(
        DarajaCredentials credentials, string checkoutRequestId, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for a new token, so that the consumer key and secret are known to work. Short code and passkey are not part
    /// of that; only a prompt proves them.
    /// </summary>
    Task<CredentialsCheck> CheckCredentialsAsync(DarajaCredentials credentials, CancellationToken cancellationToken);

    /// <summary>Tells Daraja where to report money that customers send by themselves. Production takes it once (mpesa.md, 4.1).</summary>
    Task<C2bRegistration> RegisterAsync(DarajaCredentials credentials, C2bAddresses addresses, CancellationToken cancellationToken);
}
