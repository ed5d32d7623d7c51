using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EasyIsp.Core.Persistence;

/// <summary>The one convention that makes tables the tenant's: key, filter, foreign keys, and the marks that the migrations read.</summary>
internal static class TenantModel
{
    /// <summary>On an entity type: its table gets the tenant's policy (and, where partitioned, its month partitions).</summary>
    public const string PolicyAnnotation = "EasyIsp:Policy";

    /// <summary>On an entity type: its table belongs to no tenant, and is shown to the platform alone.</summary>
    public const string PlatformAnnotation = "EasyIsp:Platform";

    public const string PartitionAnnotation = "EasyIsp:PartitionedByMonth";

    public static void Apply(ModelBuilder model, IspDbContext context)
    {
        foreach (var type in model.Model.GetEntityTypes().Where(entity => !entity.IsOwned()).Select(entity => entity.ClrType).ToArray())
        {
            var entity = model.Entity(type);
            if (type.IsAssignableTo(typeof(TenantEntity)))
            {
                entity.HasKey(nameof(TenantEntity.TenantId), nameof(TenantEntity.Id));
                entity.Property(nameof(TenantEntity.TenantId)).HasColumnOrder(0).ValueGeneratedNever();
                entity.Property(nameof(TenantEntity.Id)).HasColumnOrder(1).ValueGeneratedNever();
                entity.HasQueryFilter(QueryFilters.Tenant, TenantFilter(type, context));
                if (context.IsRestricted && RouterOf(type) is { } router)
                    entity.HasQueryFilter(QueryFilters.Place, PlaceFilter(type, router, context));
                entity.HasAnnotation(PolicyAnnotation, "tenant_id");
            }
            else if (type.IsAssignableTo(typeof(IRegistryEntry)))
            {
                entity.HasAnnotation(PolicyAnnotation, "tenant_id");
            }
            else if (type == typeof(Tenancy.Tenant))
            {
                entity.HasAnnotation(PolicyAnnotation, "id");
            }
            else if (entity.Metadata.GetTableName() is not null)
            {
                entity.HasAnnotation(PlatformAnnotation, true);
            }

            if (type.IsAssignableTo(typeof(IPartitionedByMonth)))
                entity.HasAnnotation(PartitionAnnotation, true);
        }
    }

    /// <summary>
    /// A foreign key that carries the tenant, so that the database itself refuses a reference across tenants.
    /// </summary>
    public static void References<TEntity, TTarget>(
        this EntityTypeBuilder<TEntity> entity, string foreignKey, DeleteBehavior onDelete = DeleteBehavior.Restrict)
        where TEntity : TenantEntity
        where TTarget : TenantEntity
        => entity.HasOne<TTarget>()
            .WithMany()
            .HasForeignKey(nameof(TenantEntity.TenantId), foreignKey)
            .HasPrincipalKey(nameof(TenantEntity.TenantId), nameof(TenantEntity.Id))
            .OnDelete(onDelete);

    /// <summary>The column that says at which router a row is; null where it is at none.</summary>
    private static string? RouterOf(Type type)
        => type.IsAssignableTo(typeof(IRouterItself)) ? nameof(TenantEntity.Id)
            : type.IsAssignableTo(typeof(IAtRouter)) ? nameof(IAtRouter.RouterId)
            : null;

    private static LambdaExpression PlaceFilter(Type type, string router, IspDbContext context)
    {
        var row = Expression.Parameter(type, "row");
        var body = Expression.Call(
            typeof(Enumerable),
            nameof(Enumerable.Contains),
            [typeof(Guid)],
            Expression.Property(Expression.Constant(context), nameof(IspDbContext.RestrictedTo)),
            Expression.Property(row, router));
        return Expression.Lambda(body, row);
    }

    private static LambdaExpression TenantFilter(Type type, IspDbContext context)
    {
        var row = Expression.Parameter(type, "row");
        var body = Expression.Equal(
            Expression.Property(row, nameof(TenantEntity.TenantId)),
            Expression.Property(Expression.Constant(context), nameof(IspDbContext.CurrentTenantId)));
        return Expression.Lambda(body, row);
    }
}
