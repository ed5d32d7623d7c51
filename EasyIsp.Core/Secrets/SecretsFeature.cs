using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Persistence;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Secrets;

public static class SecretsFeature
{
    /// <summary>All processes share one ring; only those that say so may add a key to it.</summary>
    /// <param name="makesKeys">True in Web and in <c>prepare</c>, false in Portal and Radius.</param>
    public static IServiceCollection AddSecrets(this IServiceCollection services, IConfiguration configuration, bool makesKeys)
    {
        var keys = configuration.GetSection(KeyRingOptions.Section).Get<KeyRingOptions>()
            ?? throw new InvalidOperationException("KeyRing:CertificatePath and KeyRing:CertificatePassword are not set.");
        return services.AddSecrets(X509CertificateLoader.LoadPkcs12FromFile(keys.CertificatePath, keys.CertificatePassword), makesKeys);
    }

    /// <param name="certificate">Wraps the keys; has its private key.</param>
    internal static IServiceCollection AddSecrets(this IServiceCollection services, X509Certificate2 certificate, bool makesKeys)
    {
        services.AddDbContextFactory<KeyRingContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<PlatformDataSource>().Value,
                npgsql => npgsql.MigrationsHistoryTable("__ef_migrations_history", KeyRingContext.Schema))
            .UseSnakeCaseNamingConvention());
        services.AddSingleton<SecretCodec>();
        services.AddSingleton<NamedKeys>();
        services.AddSingleton<BlindIndex>();

        var protection = services.AddDataProtection()
            .SetApplicationName("EasyISP")
            .PersistKeysToDbContext<KeyRingContext>()
            .ProtectKeysWithCertificate(certificate)
            .UnprotectKeysWithAnyCertificate(certificate);
        if (!makesKeys)
            protection.DisableAutomaticKeyGeneration();

        return services;
    }
}
