using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations;

namespace EasyIsp.Core.Persistence.Migrations;

/// <summary>
/// Makes every table guarded from birth: a migration cannot create one of a tenant without its policies, one of no
/// tenant that a tenant may read, nor an endless one without its partitioning.
/// </summary>
#pragma warning disable EF1001 // the constructor of the provider's generator takes its own options
internal sealed class IspMigrationsSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, INpgsqlSingletonOptions options)
    : NpgsqlMigrationsSqlGenerator(dependencies, options)
#pragma warning restore EF1001
{
    protected override void Generate(
        CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        var entity = model?.GetEntityTypes().FirstOrDefault(
            type => type.GetTableName() == operation.Name && type.GetSchema() == operation.Schema);
        var partitioned = entity?.FindAnnotation(TenantModel.PartitionAnnotation) is not null;

        if (partitioned)
        {
            base.Generate(operation, model, builder, terminate: false);
            builder.Append(" PARTITION BY RANGE (id);");
            EndStatement(builder);
            builder.Append($"SELECT ensure_month_partitions('{operation.Name}');");
            EndStatement(builder);
        }
        else
        {
            base.Generate(operation, model, builder, terminate);
        }

        if (entity?.FindAnnotation(TenantModel.PolicyAnnotation)?.Value is string column)
        {
            builder.Append($"SELECT guard_tenant_table('{operation.Name}', '{column}');");
            EndStatement(builder);
        }

        if (entity?.FindAnnotation(TenantModel.PlatformAnnotation) is not null)
            KeepForPlatform(operation.Name, builder);
    }

    private void KeepForPlatform(string table, MigrationCommandListBuilder builder)
    {
        builder.Append($"REVOKE ALL ON {table} FROM {DatabaseRoles.App}, {DatabaseRoles.Search};");
        EndStatement(builder);
        builder.Append($"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;");
        EndStatement(builder);
        builder.Append($"CREATE POLICY platform ON {table} TO {DatabaseRoles.Platform} USING (true);");
        EndStatement(builder);
    }
}
