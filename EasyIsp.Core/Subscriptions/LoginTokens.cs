using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;

namespace EasyIsp.Core.Subscriptions;

/// <summary>Issues the passwords that let one device in once.</summary>
public sealed class LoginTokens(SecretCodec codec, TimeProvider clock)
{
    private const int PasswordLength = 20;

    /// <summary>Participant.</summary>
    /// <exception cref="InvalidOperationException">The customer was deleted and has no user name any more.</exception>
    public LoginPair Issue(IspDbContext db, Customer customer, string macAddress)
    {
        var username = customer.Username ?? throw new InvalidOperationException("A deleted customer does not log in.");
        var password = RandomText.Readable(PasswordLength);
        db.LoginTokens.Add(LoginToken.Issue(
            customer.TenantId, customer.Id, codec.Protect(customer.TenantId, password), macAddress, clock.GetUtcNow()));
        return new LoginPair(username, password);
    }
}

/// <summary>What a device shows the router once. The password is good for <see cref="LoginToken.Lifetime"/> and one login.</summary>
public sealed record LoginPair(string Username, string Password)
{
    public override string ToString() => Username;
}
