namespace EasyIsp.Core.Payments.Daraja;

internal static class DarajaPaths
{
    public const string Token = "/oauth/v1/generate?grant_type=client_credentials";
    public const string Push = "/mpesa/stkpush/v1/processrequest";
    public const string Query = "/mpesa/stkpushquery/v1/query";

    /// <summary>Version 2: numbers come masked, so that a person sees something of them (mpesa.md, 4.1).</summary>
    public const string Register = "/mpesa/c2b/v2/registerurl";

    /// <summary>Keeps a path that the base has: an emulator may stand below one.</summary>
    public static Uri Under(Uri baseUrl, string path) => new(baseUrl.AbsoluteUri.TrimEnd('/') + path);
}
