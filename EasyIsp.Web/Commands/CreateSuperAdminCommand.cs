using EasyIsp.Core;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Web.Commands;

/// <summary><c>create-super-admin</c>: the first person, who then makes tenants and their admins in the console.</summary>
internal static class CreateSuperAdminCommand
{
    /// <param name="ifMissing">Asks nothing where there is a super admin already.</param>
    /// <returns>0; 65 when what was typed does not do, with the reason on the prompt.</returns>
    public static async Task<int> RunAsync(
        IConfiguration configuration, IPrompt prompt, bool ifMissing, CancellationToken cancellationToken)
    {
        await using var services = Services(configuration);
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        if (ifMissing && await users.Users.AnyAsync(user => user.IsSuperAdmin, cancellationToken))
            return 0;

        var name = prompt.Ask("Name");
        var email = prompt.Ask("E-mail address");
        var password = prompt.AskSecretly("Password (12 characters or more)");
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(email) || !email.Contains('@', StringComparison.Ordinal))
            return Refuse(prompt, "A name and an e-mail address are needed.");
        if (password != prompt.AskSecretly("Password again"))
            return Refuse(prompt, "The two passwords differ.");

        var account = StaffUser.Invite(email, name, isSuperAdmin: true, TimeProvider.System.GetUtcNow());
        cancellationToken.ThrowIfCancellationRequested();
        var result = await users.CreateAsync(account, password);
        if (!result.Succeeded)
            return Refuse(prompt, string.Join(Environment.NewLine, result.Errors.Select(error => error.Description)));

        prompt.Say($"{name} may now sign in as super admin.");
        return 0;
    }

    private static ServiceProvider Services(IConfiguration configuration)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddCore(configuration);
        services.AddSecrets(configuration, makesKeys: true).AddStaff();
        return services.BuildServiceProvider();
    }

    private static int Refuse(IPrompt prompt, string reason)
    {
        prompt.Say(reason);
        return 65;
    }
}
