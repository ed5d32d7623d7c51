using EasyIsp.Core.Persistence.Migrations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace EasyIsp.Core.Persistence;

/// <summary>The options of the context for each of the roles that a running process may have.</summary>
public sealed class IspDbOptions(AppDataSource app, PlatformDataSource platform)
{
    internal DbContextOptions<IspDbContext> App { get; } = Build(app.Value);
    internal DbContextOptions<IspDbContext> Platform { get; } = Build(platform.Value);

    internal static DbContextOptions<IspDbContext> Build(NpgsqlDataSource source)
        => new DbContextOptionsBuilder<IspDbContext>()
            .UseNpgsql(source)
            .UseSnakeCaseNamingConvention()
            .ReplaceService<IMigrationsSqlGenerator, IspMigrationsSqlGenerator>()
            .ReplaceService<IModelCacheKeyFactory, PlaceModelKey>()
            .AddInterceptors(TenantTransactionInterceptor.Instance)
            .Options;
}

/// <summary>Connections as <c>easyisp_app</c>: they see one tenant, in a transaction that names it.</summary>
public sealed record AppDataSource(NpgsqlDataSource Value);

/// <summary>Connections as <c>easyisp_platform</c>: they see every tenant.</summary>
/// <param name="ApplicationName">Of its connections, and of no other process's.</param>
public sealed record PlatformDataSource(NpgsqlDataSource Value, string ApplicationName);

/// <summary>
/// As the platform, over few connections of its own, made when they are needed: the database's process at the other end has
/// what it does again and again at hand, which one of many, each having its turn, has not.
/// </summary>
public sealed record WarmDataSource(NpgsqlDataSource Value);

/// <summary>
/// As the platform, for the counting of tries alone: two connections, so that a flood of tries waits for itself. Who waits longer
/// than <see cref="Patience"/>, for one of them or for an answer, is judged without the database.
/// </summary>
public sealed record LimitDataSource(NpgsqlDataSource Value)
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
}
