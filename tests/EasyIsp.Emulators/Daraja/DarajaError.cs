namespace EasyIsp.Emulators.Daraja;

/// <summary>The error envelope and its table, section 3.5 [D][R]: each code with the HTTP status it comes with.</summary>
public sealed record DarajaError(string Code, int Status, string Message)
{
    public static readonly DarajaError MalformedPayload = new("400.002.05", 400, "Invalid Request Payload");
    public static readonly DarajaError WrongAuthType = new("400.008.01", 400, "Invalid Authentication passed");
    public static readonly DarajaError WrongGrantType = new("400.008.02", 400, "Invalid grant type passed");
    public static readonly DarajaError NotFound = new("404.001.01", 404, "Resource not found");
    public static readonly DarajaError NoAuthorization = new("404.001.04", 404, "Invalid Authentication Header");
    public static readonly DarajaError NoMerchant = new("500.001.1001", 500, "Merchant does not exist");
    public static readonly DarajaError WrongPassword = new("500.001.1001", 500, "[MerchantValidate] - Wrong credentials");
    public static readonly DarajaError SubscriberLocked = new("500.001.1001", 500,
        "Unable to lock subscriber, a transaction is already in process for the current subscriber");
    public static readonly DarajaError NoTransaction = new("500.001.1001", 500, "The transaction does not Exist");
    public static readonly DarajaError SpikeArrest = new("500.003.02", 500, "Error Occurred: Spike Arrest Violation");

    public static readonly DarajaError AlreadyRegistered = new("500.003.1001", 500, "Urls are already registered");

    public static DarajaError Invalid(string field) => new("400.002.02", 400, $"Bad Request - Invalid {field}");

    public static DarajaError WrongVerb(string verb) => new("405.001", 405, $"{verb} Method Not Allowed");

    public static DarajaError StillProcessing(PendingForm form, int status)
        => new("500.001.1001", status, form == PendingForm.BeingProcessed ? "The transaction is being processed" : "");

    /// <summary>401.002.01 echoes the token, which is the client's to keep out of its logs.</summary>
    public static DarajaError DeadToken(string code, string token) => code switch
    {
        "401.002.01" => new DarajaError(code, 401, $"Error Occurred - Invalid Access Token - {token}"),
        "401.003.01" => new DarajaError(code, 401, "Invalid Access Token"),
        "400.003.01" => new DarajaError(code, 400, "Invalid Access Token"),
        _ => new DarajaError("404.001.03", 404, "Invalid Access Token"),
    };
}
