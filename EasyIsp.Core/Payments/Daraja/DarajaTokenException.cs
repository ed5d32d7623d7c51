namespace EasyIsp.Core.Payments.Daraja;

/// <summary>Thrown by <see cref="DarajaTokens"/> when Daraja gave no token, and by nobody else.</summary>
internal sealed class DarajaTokenException(string message, bool credentialsRefused) : Exception(message)
{
    /// <summary>True when Daraja answered and did not like the consumer key; false when it could not be asked.</summary>
    public bool CredentialsRefused { get; } = credentialsRefused;
}
