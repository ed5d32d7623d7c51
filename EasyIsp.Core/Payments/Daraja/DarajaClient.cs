using System.Globalization;
using EasyIsp.Core.Payments.Providers;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments.Daraja;

internal sealed partial class DarajaClient(
    DarajaTransport transport, DarajaTokens tokens, TimeProvider clock, ILogger<DarajaClient> logger) : IDarajaClient
{
    public async Task<PromptResult> PushAsync(
        DarajaCredentials credentials, StkPushOrder order, CancellationToken cancellationToken)
    {
        var timestamp = StkPassword.TimestampAt(clock.GetUtcNow());
        var amount = order.Amount.ToString(CultureInfo.InvariantCulture);
        var reply = await transport.PostAsync(credentials, DarajaPaths.Push, new
        {
            BusinessShortCode = NumberOf(credentials),
            Password = StkPassword.For(credentials.ShortCode, credentials.Passkey, timestamp),
            Timestamp = timestamp,
            TransactionType = credentials.TransactionType.ToString(),
            Amount = amount,
            PartyA = order.Phone,
            PartyB = credentials.Receiver ?? credentials.ShortCode,
            PhoneNumber = order.Phone,
            CallBackURL = order.CallbackUrl.AbsoluteUri,
            order.AccountReference,
            TransactionDesc = order.Description,
        }, cancellationToken);

        var result = StkReading.OfPush(reply);
        if (result is PromptResult.Accepted)
            LogAccepted(credentials, result);
        else
            LogNotAccepted(credentials, result);
        return result;
    }

    public async Task<StkQueryResult> QueryAsync(
        DarajaCredentials credentials, string checkoutRequestId, CancellationToken cancellationToken)
    {
        var timestamp = StkPassword.TimestampAt(clock.GetUtcNow());
        var reply = await transport.PostAsync(credentials, DarajaPaths.Query, new
        {
            BusinessShortCode = NumberOf(credentials),
            Password = StkPassword.For(credentials.ShortCode, credentials.Passkey, timestamp),
            Timestamp = timestamp,
            CheckoutRequestID = checkoutRequestId,
        }, cancellationToken);

        var result = StkReading.OfQuery(reply, checkoutRequestId);
        LogQueried(credentials, result);
        return result;
    }

    public async Task<CredentialsCheck> CheckCredentialsAsync(DarajaCredentials credentials, CancellationToken cancellationToken)
    {
        try
        {
            await tokens.RenewAsync(credentials, cancellationToken);
            return new CredentialsCheck.Works();
        }
        catch (DarajaTokenException exception)
        {
            return exception.CredentialsRefused
                ? new CredentialsCheck.Refused(exception.Message)
                : new CredentialsCheck.NotReached(exception.Message);
        }
    }

    public async Task<C2bRegistration> RegisterAsync(
        DarajaCredentials credentials, C2bAddresses addresses, CancellationToken cancellationToken)
    {
        var reply = await transport.PostAsync(credentials, DarajaPaths.Register, new
        {
            ShortCode = credentials.ShortCode,
            ResponseType = "Completed",
            ConfirmationURL = addresses.Confirmation.AbsoluteUri,
            ValidationURL = addresses.Validation.AbsoluteUri,
        }, cancellationToken);

        var result = C2bRegistration.Of(reply);
        LogRegistered(credentials, result);
        return result;
    }

    private static int NumberOf(DarajaCredentials credentials)
        => int.TryParse(credentials.ShortCode, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && credentials.ShortCode.Length is >= 5 and <= 7
                ? number
                : throw new ArgumentException("A short code has 5 to 7 digits.", nameof(credentials));

    [LoggerMessage(Level = LogLevel.Information, Message = "STK push by {Account}: {Result}")]
    private partial void LogAccepted(DarajaCredentials account, PromptResult result);

    [LoggerMessage(Level = LogLevel.Warning, Message = "STK push by {Account}: {Result}")]
    private partial void LogNotAccepted(DarajaCredentials account, PromptResult result);

    [LoggerMessage(Level = LogLevel.Information, Message = "Registering addresses of {Account}: {Result}")]
    private partial void LogRegistered(DarajaCredentials account, C2bRegistration result);

    [LoggerMessage(Level = LogLevel.Debug, Message = "STK query by {Account}: {Result}")]
    private partial void LogQueried(DarajaCredentials account, StkQueryResult result);
}
