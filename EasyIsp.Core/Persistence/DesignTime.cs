using EasyIsp.Core.Identity;
using EasyIsp.Core.Secrets;
using Microsoft.EntityFrameworkCore.Design;
using Npgsql;

namespace EasyIsp.Core.Persistence;

/// <summary>For <c>dotnet ef migrations add</c>: the model alone, no database is asked.</summary>
internal sealed class DesignTime :
    IDesignTimeDbContextFactory<IspDbContext>, IDesignTimeDbContextFactory<KeyRingContext>, IDesignTimeDbContextFactory<StaffContext>
{
    private static NpgsqlDataSource Nowhere => NpgsqlDataSource.Create("Host=localhost");

    IspDbContext IDesignTimeDbContextFactory<IspDbContext>.CreateDbContext(string[] args)
        => new(IspDbOptions.Build(Nowhere), tenantId: null);

    KeyRingContext IDesignTimeDbContextFactory<KeyRingContext>.CreateDbContext(string[] args)
        => new(DatabaseProvisioning.Options<KeyRingContext>(Nowhere, KeyRingContext.Schema));

    StaffContext IDesignTimeDbContextFactory<StaffContext>.CreateDbContext(string[] args)
        => new(DatabaseProvisioning.Options<StaffContext>(Nowhere, StaffContext.Schema));
}
