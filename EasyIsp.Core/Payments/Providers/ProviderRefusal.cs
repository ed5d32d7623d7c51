namespace EasyIsp.Core.Payments.Providers;

/// <summary>Who can do something about what a provider refused. Stored by name with the request or the order.</summary>
public enum ProviderRefusal
{
    /// <summary>Our request was wrong; sending it again gives the same.</summary>
    BadInput,

    /// <summary>The account's keys are wrong.</summary>
    Credentials,

    /// <summary>The payer has a prompt open; wait at least a minute.</summary>
    SubscriberBusy,

    /// <summary>Too many requests, or a busy system that says so; back off.</summary>
    Throttled,

    /// <summary>The account is not set up for this.</summary>
    Configuration,

    /// <summary>The provider was not reached, or is under maintenance: surely not submitted, may be offered again.</summary>
    Unavailable,
}
