namespace EasyIsp.Core.Payments.Daraja;

/// <summary>The one way to Safaricom. Network trouble is an answer here, never an exception.</summary>
public interface IDarajaClient
{
    /// <summary>
    /// Asks for a prompt on the payer's phone, once: a push is not idempotent and is never sent again by itself, except
    /// with a fresh token when Daraja refused the first.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up; the outcome is unknown to him.</exception>
    Task<StkPushResult> PushAsync(DarajaCredentials credentials, StkPushOrder order, CancellationToken cancellationToken);

    Task<StkQueryResult> QueryAsync(
        DarajaCredentials credentials, string checkoutRequestId, CancellationToken cancellationToken);
}
