using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace EasyIsp.Core.Persistence;

/// <summary>
/// Two models: without <see cref="QueryFilters.Place"/> for the many who see all routers, whose queries so stay as they are, and
/// with it.
/// </summary>
internal sealed class PlaceModelKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime)
        => (context.GetType(), designTime, context is IspDbContext { IsRestricted: true });
}
