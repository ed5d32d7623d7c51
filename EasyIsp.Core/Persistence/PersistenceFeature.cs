using System.Security.Cryptography;
using EasyIsp.Core.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EasyIsp.Core.Persistence;

public static class PersistenceFeature
{
    /// <summary>
    /// The database as the two roles of a running process, from <c>ConnectionStrings:App</c> and
    /// <c>ConnectionStrings:Platform</c>, and the feed of its changes.
    /// </summary>
    /// <exception cref="InvalidOperationException">A connection string is missing.</exception>
    public static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddScoped<TenantContext>();
        services.AddSingleton<TenantRounds>();
        var process = $"easyisp-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        services.AddSingleton(new AppDataSource(DataSource(configuration, "App", process, prepares: true)));
        services.AddSingleton(new PlatformDataSource(DataSource(configuration, "Platform", process), process));
        services.AddSingleton(new WarmDataSource(DataSource(configuration, "Platform", process, connections: 4)));
        services.AddSingleton(new LimitDataSource(DataSource(configuration, "Platform", process, connections: 2, patience: LimitDataSource.Patience)));
        services.AddSingleton<IspDbOptions>();
        services.AddScoped<IspDatabase>();
        services.AddSingleton<PlatformDatabase>();
        services.AddSingleton<ChangeFeed>();
        return services;
    }

    /// <summary>Listens to the database while the process runs.</summary>
    public static IServiceCollection AddPersistenceWorkers(this IServiceCollection services)
        => services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());

    /// <param name="process">The connections' name in the database, by which the process knows its own changes.</param>
    /// <param name="prepares">What a connection does again and again is planned once: a policy on each table makes planning dear.</param>
    private static NpgsqlDataSource DataSource(
        IConfiguration configuration, string role, string process, int? connections = null, bool prepares = false, TimeSpan? patience = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(role)
            ?? throw new InvalidOperationException($"ConnectionStrings:{role} is not set."))
        {
            ApplicationName = process,
            // What we set ends with its transaction, so there is nothing to reset: six statements before each first one.
            NoResetOnClose = true,
        };
        if (prepares)
            connection.MaxAutoPrepare = 64;
        if (patience is { } longest)
            connection.Timeout = connection.CommandTimeout = (int)longest.TotalSeconds;
        if (connections is { } most)
        {
            connection.MaxPoolSize = most;
            // What was planned while a table was nearly empty is planned again.
            connection.ConnectionLifetime = 60;
            // Always the same few statements: planning one of them anew for its parameters costs more than carrying it out.
            connection.Options = $"{connection.Options} -c plan_cache_mode=force_generic_plan".TrimStart();
        }

        return NpgsqlDataSource.Create(connection);
    }
}
