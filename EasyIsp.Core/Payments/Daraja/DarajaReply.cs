using System.Net;
using System.Text.RegularExpressions;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Payments.Daraja;

/// <summary>How one call to Daraja ended, before anyone asks what it means.</summary>
internal abstract partial record DarajaReply
{
    private DarajaReply()
    {
    }

    /// <summary>It never reached Daraja's business logic.</summary>
    public sealed record NotSent(string Reason, bool CredentialsRefused) : DarajaReply;

    /// <summary>It may have been carried out, but no answer came.</summary>
    public sealed record Lost(string Reason) : DarajaReply;

    public sealed partial record Answered(JsonAnswer Answer) : DarajaReply
    {
        private const int LongestMessage = 200;

        public string ErrorCode { get; } = Answer.Text("errorCode") ?? "";

        /// <summary>Daraja echoes tokens and phone numbers; they are taken out here, once for all who print it.</summary>
        public string ErrorMessage { get; } = Scrub(Answer.Text("errorMessage") ?? "");

        public bool Says(string words) => ErrorMessage.Contains(words, StringComparison.OrdinalIgnoreCase);

        /// <summary>The token was refused, by whichever of its five signs.</summary>
        public bool RefusesToken => ErrorCode is "404.001.03" or "400.003.01" or "401.002.01" or "401.003.01"
            || (Answer.Status == HttpStatusCode.Unauthorized && !LacksProduct);

        /// <summary>Comes under several codes: the app was never given this API on the portal.</summary>
        public bool LacksProduct => Says("no apiproduct match");

        public override string ToString() => ErrorCode.Length > 0 ? $"{ErrorCode} {ErrorMessage}".TrimEnd() : Answer.ToString();

        private static string Scrub(string message)
        {
            var shorter = message.Length <= LongestMessage ? message : message[..LongestMessage];
            return Secretive().Replace(shorter, "***");
        }

        [GeneratedRegex(@"(?<=access token\s*-\s*)\S+|[A-Za-z0-9+/=]{20,}|\d{9,}", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Secretive();
    }
}
