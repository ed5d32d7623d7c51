using EasyIsp.Emulators.Demonstration;
using Microsoft.Extensions.Configuration;

namespace EasyIsp.Testing;

/// <summary>The demonstration's company, for tests that need one with a past: customers, money, sessions, messages, staff.</summary>
public static class DemonstrationData
{
    public const string AdminEmail = "admin@savanna.example";
    public const string SuperAdminEmail = "platform@easyisp.example";

    /// <param name="configuration">Of a process on the database that is to hold it.</param>
    /// <returns>The passwords, by e-mail address.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> SeedAsync(IConfiguration configuration, CancellationToken cancellationToken)
        => (await DemoServices.SeedAsync(configuration, cancellationToken)).ToDictionary(signIn => signIn.Email, signIn => signIn.Password);
}
