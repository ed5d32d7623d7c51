using Hangfire;
using Hangfire.PostgreSql;

namespace EasyIsp.Web.Jobs;

/// <summary>Hangfire, on a schema and a role of its own: whoever writes job rows runs code.</summary>
internal static class JobsFeature
{
    public const string DashboardPath = "/platform/jobs";

    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("Jobs")
            ?? throw new InvalidOperationException("ConnectionStrings:Jobs is not set.");
        services.AddHangfire(hangfire => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UsePostgreSqlStorage(
                storage => storage.UseNpgsqlConnection(connectionString),
                new PostgreSqlStorageOptions
                {
                    SchemaName = "hangfire",
                    PrepareSchemaIfNecessary = true,
                    QueuePollInterval = TimeSpan.FromSeconds(1),
                    InvisibilityTimeout = TimeSpan.FromMinutes(5),
                }));
        services.AddHangfireServer(server =>
        {
            server.WorkerCount = 4;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
        });
        services.AddHostedService<RecurringJobsStarter>();
        services.AddScoped<PartitionsJob>();
        return services;
    }
}
