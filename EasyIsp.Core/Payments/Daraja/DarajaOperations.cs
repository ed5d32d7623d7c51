using System.Globalization;
using Microsoft.Extensions.Logging;

namespace EasyIsp.Core.Payments.Daraja;

internal sealed partial class DarajaOperations(DarajaTransport transport, ILogger<DarajaOperations> logger) : IDarajaOperations
{
    private const string PullTime = "yyyy-MM-dd HH:mm:ss";

    public async Task<OperationAck> SubmitAsync(DarajaCredentials credentials, OperationOrder order, CancellationToken cancellationToken)
    {
        var ack = OperationAck.Of(await transport.PostAsync(credentials, order.Path, order.Body(credentials), cancellationToken));
        if (ack is OperationAck.Accepted)
            LogAccepted(order, credentials, ack);
        else
            LogNotAccepted(order, credentials, ack);
        return ack;
    }

    public async Task<PullRegistration> RegisterPullAsync(
        DarajaCredentials credentials, string nominatedNumber, Uri callback, CancellationToken cancellationToken)
    {
        var result = PullRegistration.Of(await transport.PostAsync(credentials, DarajaPaths.PullRegister, new
        {
            credentials.ShortCode,
            RequestType = "Pull",
            NominatedNumber = nominatedNumber,
            CallBackURL = callback.AbsoluteUri,
        }, cancellationToken));
        LogRegistered(credentials, result);
        return result;
    }

    public async Task<PullResult> PullAsync(DarajaCredentials credentials, PullQuestion question, CancellationToken cancellationToken)
        => PullResult.Of(await transport.CallAsync(credentials, question.ByGet ? HttpMethod.Get : HttpMethod.Post, DarajaPaths.Pull, new
        {
            credentials.ShortCode,
            StartDate = LocalTime(question.From),
            EndDate = LocalTime(question.To),
            OffSetValue = question.Offset.ToString(CultureInfo.InvariantCulture),
        }, cancellationToken), question.Zone);

    public async Task<QrResult> QrAsync(DarajaCredentials credentials, QrOrder order, CancellationToken cancellationToken)
        => QrResult.Of(await transport.PostAsync(credentials, DarajaPaths.Qr, new
        {
            order.MerchantName,
            RefNo = order.Reference,
            Amount = decimal.ToInt32(order.Amount),
            TrxCode = credentials.TransactionType == StkTransactionType.CustomerBuyGoodsOnline ? "BG" : "PB",
            CPI = credentials.Receiver ?? credentials.ShortCode,
            Size = QrOrder.Size.ToString(CultureInfo.InvariantCulture),
        }, cancellationToken));

    private static string LocalTime(DateTimeOffset at)
        => at.ToOffset(StkPassword.EastAfricaOffset).ToString(PullTime, CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "Order ({Order}) by {Account}: {Ack}")]
    private partial void LogAccepted(OperationOrder order, DarajaCredentials account, OperationAck ack);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Order ({Order}) by {Account}: {Ack}")]
    private partial void LogNotAccepted(OperationOrder order, DarajaCredentials account, OperationAck ack);

    [LoggerMessage(Level = LogLevel.Information, Message = "Switching pulling on for {Account}: {Result}")]
    private partial void LogRegistered(DarajaCredentials account, PullRegistration result);
}
