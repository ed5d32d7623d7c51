using System.Text.Json;

namespace EasyIsp.Emulators.Daraja;

/// <summary>Customers who pay from their phone's menu (section 4), and the addresses that hear of it.</summary>
public sealed class DarajaC2b(DarajaEmulator emulator, DarajaCallbacks callbacks, TimeProvider clock)
{
    /// <summary>Section 4.2: about eight seconds from leaving M-Pesa.</summary>
    private static readonly TimeSpan ValidationPatience = TimeSpan.FromSeconds(8);

    private readonly Lock _registering = new();

    /// <summary>Section 4.1: the sandbox takes it as often as one likes, production once.</summary>
    internal DarajaError? Register(DarajaMerchant merchant, int version, string responseType, Uri confirmation, Uri validation)
    {
        lock (_registering)
        {
            if (merchant.ConfirmationUrl is not null && emulator.Options.RegistersOnce)
                return DarajaError.AlreadyRegistered;

            (merchant.C2bVersion, merchant.ResponseType) = (version, responseType);
            (merchant.ConfirmationUrl, merchant.ValidationUrl) = (confirmation, validation);
            return null;
        }
    }

    /// <summary>
    /// A customer sends money. Validated where that is switched on; what comes through is on the statement, whether its
    /// confirmation arrives or not.
    /// </summary>
    /// <returns>The payment; null when it was refused.</returns>
    public async Task<C2bPayment?> PayAsync(
        string shortCode, string msisdn, decimal amount, string account, CancellationToken cancellationToken)
    {
        var merchant = emulator.Options.Merchants.First(m => m.ShortCode == shortCode || m.Till == shortCode);
        var now = clock.GetUtcNow();
        var payment = new C2bPayment(
            merchant, emulator.Statement.NewReceipt(now), amount, msisdn, merchant.Till is null ? account : "", now);
        if (emulator.Options.ExternalValidation && merchant.ValidationUrl is { } validation
            && !await IsAcceptedAsync(payment, validation, cancellationToken))
        {
            return null;
        }

        emulator.Statement.Add(new DarajaStatementLine(payment.Receipt, amount, msisdn, "", merchant.ShortCode, payment.Account, now));
        Confirm(payment);
        return payment;
    }

    /// <summary>Once more, for who wants a double; does not wait for the receiver.</summary>
    public void Confirm(C2bPayment payment)
        => emulator.Confirm(payment, Enumerable.Repeat(TimeSpan.Zero, emulator.Options.Confirmations));

    private async Task<bool> IsAcceptedAsync(C2bPayment payment, Uri validation, CancellationToken cancellationToken)
        => await callbacks.AskAsync(payment, validation, ValidationPatience, cancellationToken) is { } answer && ResultOf(answer) is { } code
            ? code == "0"
            : payment.Merchant.ResponseType == "Completed";

    /// <returns>Null when it is no answer of section 4.2: then the registered ResponseType decides, as for silence.</returns>
    private static string? ResultOf(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("ResultCode", out var code)
                ? code.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
