using EasyIsp.Core;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Web.Commands;

/// <summary><c>create-super-admin</c>: the first person, who then makes tenants and their admins in the console.</summary>
internal static class CreateSuperAdminCommand
{
    /// <summary>What was typed does not do (<c>EX_DATAERR</c> of sysexits).</summary>
    private const int Refused = 65;

    /// <param name="ifMissing">Asks nothing where there is a super admin already.</param>
    /// <returns>0; 65 when what a script gave does not do, with the reason on the prompt.</returns>
    public static async Task<int> RunAsync(
        IConfiguration configuration, IPrompt prompt, bool ifMissing, CancellationToken cancellationToken)
    {
        await using var services = Services(configuration);
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        if (ifMissing && await users.Users.AnyAsync(user => user.IsSuperAdmin, cancellationToken))
            return 0;

        if (await AskAsync(prompt, users, cancellationToken) is not var (account, password))
            return Refused;

        var result = await users.CreateAsync(account, password);
        if (!result.Succeeded)
        {
            prompt.Say(Sentences(result.Errors));
            return Refused;
        }

        prompt.Say($"{account.DisplayName} may now sign in as super admin.");
        return 0;
    }

    private static async Task<(StaffUser Account, string Password)?> AskAsync(
        IPrompt prompt, UserManager<StaffUser> users, CancellationToken cancellationToken)
    {
        if (await prompt.AskUntilAsync(() => prompt.Ask("Name"), FaultInNameAsync, cancellationToken) is not { } name)
            return null;
        if (await prompt.AskUntilAsync(
            () => prompt.Ask("E-mail address"), typed => FaultInEmailAsync(users, typed), cancellationToken) is not { } email)
            return null;

        var account = StaffUser.Invite(email, name, isSuperAdmin: true, TimeProvider.System.GetUtcNow());
        var password = await prompt.AskUntilAsync(
            () => prompt.AskSecretly("Password (12 characters or more)"),
            typed => FaultInPasswordAsync(prompt, users, account, typed),
            cancellationToken);
        return password is null ? null : (account, password);
    }

    private static Task<string?> FaultInNameAsync(string typed) => Task.FromResult(
        typed.Trim().Length is > 0 and <= StaffUser.MaxDisplayNameLength
            ? null
            : $"A name is needed, of at most {StaffUser.MaxDisplayNameLength} characters.");

    private static async Task<string?> FaultInEmailAsync(UserManager<StaffUser> users, string typed)
    {
        if (EmailAddress.Read(typed) is not { } email)
            return "That is no e-mail address.";

        return await users.FindByEmailAsync(email) is null ? null : "Somebody has this e-mail address already.";
    }

    private static async Task<string?> FaultInPasswordAsync(
        IPrompt prompt, UserManager<StaffUser> users, StaffUser account, string typed)
    {
        foreach (var rule in users.PasswordValidators)
        {
            if (await rule.ValidateAsync(users, account, typed) is { Succeeded: false } verdict)
                return Sentences(verdict.Errors);
        }

        return prompt.AskSecretly("Password again") == typed ? null : "The two passwords differ.";
    }

    private static string Sentences(IEnumerable<IdentityError> errors)
        => string.Join(Environment.NewLine, errors.Select(error => error.Description));

    private static ServiceProvider Services(IConfiguration configuration)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddCore(configuration);
        services.AddSecrets(configuration, makesKeys: true).AddStaff();
        return services.BuildServiceProvider();
    }
}
