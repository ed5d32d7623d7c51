namespace EasyIsp.Core.Payments.Daraja;

/// <summary>
/// What an organisation does at its short code beyond asking for payments. Network trouble is an answer here, never an
/// exception.
/// </summary>
public interface IDarajaOperations
{
    /// <summary>Asks for something whose outcome is posted to the order's addresses later (mpesa.md, 5). Sent once.</summary>
    Task<OperationAck> SubmitAsync(DarajaCredentials credentials, OperationOrder order, CancellationToken cancellationToken);

    /// <summary>Switches pulling on for a short code, once (mpesa.md, 10).</summary>
    /// <param name="nominatedNumber">254…, the number of the short code's KYC record.</param>
    Task<PullRegistration> RegisterPullAsync(
        DarajaCredentials credentials, string nominatedNumber, Uri callback, CancellationToken cancellationToken);

    /// <summary>One page of what came to the short code; at most the last 48 hours.</summary>
    Task<PullResult> PullAsync(DarajaCredentials credentials, PullQuestion question, CancellationToken cancellationToken);

    /// <summary>A picture that M-Pesa's app reads: whom to pay, how much, and the account.</summary>
    Task<QrResult> QrAsync(DarajaCredentials credentials, QrOrder order, CancellationToken cancellationToken);
}
