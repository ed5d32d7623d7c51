namespace EasyIsp.Core.Payments.Providers;

/// <summary>What a provider said of an account's keys.</summary>
public abstract record CredentialsCheck
{
    private CredentialsCheck()
    {
    }

    public sealed record Works : CredentialsCheck;

    public sealed record Refused(string Message) : CredentialsCheck;

    /// <summary>The provider could not be asked, or answered with something else than expected.</summary>
    public sealed record NotReached(string Reason) : CredentialsCheck;
}
