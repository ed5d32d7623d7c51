using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Identity.SmsCodes;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Identity;

public static class IdentityFeature
{
    public static readonly TimeSpan LockoutTime = TimeSpan.FromMinutes(15);

    /// <summary>People who sign in: their accounts, the rules for their passwords, who works where, and the tokens of their software.</summary>
    public static IdentityBuilder AddStaff(this IServiceCollection services)
    {
        services.AddDbContextFactory<StaffContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<PlatformDataSource>().Value,
                npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", StaffContext.Schema))
            .UseSnakeCaseNamingConvention());
        services.AddSingleton<StaffDirectory>().AddSingleton<ApiTokenDirectory>().AddScoped<ApiTokenDesk>();
        services.AddSingleton<SignInDirectory>().AddScoped<SignInLog>();
        services.AddSingleton<StaffPost>().AddSingleton<StaffTexts>().AddScoped<StaffAudit>();
        services.AddScoped<StaffCredentials>().AddScoped<StaffPasswords>().AddScoped<StaffProfiles>().AddScoped<PhoneDesk>().AddScoped<SecondFactorDesk>().AddScoped<PasskeyDesk>();
        services.AddScoped<StaffAuthority>().AddScoped<StaffDesk>().AddScoped<RoleDesk>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            // A passkey stands for password and second factor at once: whoever uses it shows a finger, a face or a PIN to it.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
        });
        return services.AddIdentityCore<StaffUser>(Configure)
            .AddEntityFrameworkStores<StaffContext>()
            .AddPasswordValidator<CommonPasswords>();
    }

    /// <summary>Sends the mails to staff while the process runs; any number of processes may.</summary>
    public static IServiceCollection AddStaffPostWorker(this IServiceCollection services) => services.AddHostedService<StaffMailWorker>();

    /// <summary>Length is what protects a password (NIST SP 800-63B, 5.1.1.2); classes of characters are not asked for.</summary>
    private static void Configure(IdentityOptions options)
    {
        options.Password.RequiredLength = 12;
        options.Password.RequiredUniqueChars = 5;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.User.RequireUniqueEmail = true;
        options.Lockout.MaxFailedAccessAttempts = 5;
        options.Lockout.DefaultLockoutTimeSpan = LockoutTime;
    }
}
