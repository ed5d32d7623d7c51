using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Testing;

/// <summary>The product's services on a database of their own, one tenant to start from, and a clock that moves when told.</summary>
public sealed class World : IAsyncDisposable
{
    private const string CertificatePassword = "of-the-test-run";

    private static readonly X509Certificate2 KeyRingCertificate = MakeCertificate();

    private readonly ServiceProvider _services;

    private World(TestDatabase database, Action<IServiceCollection>? edges)
    {
        Database = database;
        var services = AddTo(new ServiceCollection());
        edges?.Invoke(services);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public TestDatabase Database { get; }
    public Guid TenantId { get; private set; }
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    public IServiceProvider Services => _services;

    /// <param name="edges">Puts paper in the place of what lies outside: providers, routers.</param>
    public static async Task<World> OpenAsync(PostgresServer server, Action<IServiceCollection>? edges = null)
        => await OpenAsync(await server.CopyAsync(), edges);

    /// <param name="database">Its own from now on.</param>
    public static async Task<World> OpenAsync(TestDatabase database, Action<IServiceCollection>? edges = null)
    {
        var world = new World(database, edges);
        await world._services.GetRequiredService<BlindIndex>().EnsureKeyAsync(CancellationToken.None);
        world.TenantId = await world.FoundTenantAsync("savanna", "Savanna Net");
        return world;
    }

    /// <summary>The settings that each process of the product reads.</summary>
    public IConfiguration Configuration => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["ConnectionStrings:App"] = Database.App,
        ["ConnectionStrings:Platform"] = Database.Platform,
        ["ConnectionStrings:Jobs"] = Database.Jobs,
    }).Build();

    /// <summary>The services of the product on this world's database and clock.</summary>
    public IServiceCollection AddTo(IServiceCollection services)
    {
        services.AddSingleton(Configuration);
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddCore(Configuration);
        services.AddSecrets(KeyRingCertificate, makesKeys: true);
        return services;
    }

    /// <summary>Writes the key ring's certificate where a process of the product finds it.</summary>
    public async Task<string> WriteKeyRingCertificateAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Database.Name}.pfx");
        await File.WriteAllBytesAsync(path, KeyRingCertificate.Export(X509ContentType.Pfx, CertificatePassword), cancellationToken);
        return path;
    }

    /// <summary>What a process of the product needs to work on this world's database.</summary>
    public Dictionary<string, string> ProcessEnvironment(string certificatePath) => new()
    {
        ["ConnectionStrings__App"] = Database.App,
        ["ConnectionStrings__Platform"] = Database.Platform,
        ["ConnectionStrings__Jobs"] = Database.Jobs,
        ["KeyRing__CertificatePath"] = certificatePath,
        ["KeyRing__CertificatePassword"] = CertificatePassword,
    };

    public async Task<Guid> FoundTenantAsync(string slug, string name)
    {
        var tenant = Tenant.Found(slug, name, TenantLocale.Kenya, Clock.GetUtcNow());
        await using var db = await _services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        db.Tenants.Add(tenant);
        await db.CommitAsync(CancellationToken.None);
        return tenant.Id;
    }

    /// <summary>Runs one unit of work as the tenant, in a scope of its own, like a request.</summary>
    public Task<T> AsTenantAsync<TService, T>(Func<TService, Task<T>> work) where TService : notnull
        => AsTenantAsync(TenantId, work);

    public async Task<T> AsTenantAsync<TService, T>(Guid tenantId, Func<TService, Task<T>> work) where TService : notnull
    {
        await using var scope = _services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(tenantId);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Reads, and leaves nothing behind.</summary>
    public Task<T> ReadAsync<T>(Func<IspDbContext, Task<T>> query) => ReadAsync(TenantId, query);

    public Task<T> ReadAsync<T>(Guid tenantId, Func<IspDbContext, Task<T>> query)
        => AsTenantAsync<IspDatabase, T>(tenantId, async database =>
        {
            await using var db = await database.OpenAsync(CancellationToken.None);
            return await query(db);
        });

    /// <summary>One transaction as the tenant, committed at its end.</summary>
    public Task<T> WriteAsync<T>(Func<IspDbContext, Task<T>> work) => WriteAsync(TenantId, work);

    public Task<T> WriteAsync<T>(Guid tenantId, Func<IspDbContext, Task<T>> work)
        => AsTenantAsync<IspDatabase, T>(tenantId, async database =>
        {
            await using var db = await database.OpenAsync(CancellationToken.None);
            var result = await work(db);
            await db.CommitAsync(CancellationToken.None);
            return result;
        });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=EasyISP key ring of a test run", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
