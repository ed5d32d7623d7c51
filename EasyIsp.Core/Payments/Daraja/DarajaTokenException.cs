namespace EasyIsp.Core.Payments.Daraja;

/// <summary>There is no token: Daraja gave none, or the store that shares it was not reached.</summary>
internal sealed class DarajaTokenException(string message, bool credentialsRefused) : Exception(message)
{
    /// <summary>True when Daraja answered and did not like the consumer key; false when it could not be asked.</summary>
    public bool CredentialsRefused { get; } = credentialsRefused;
}
