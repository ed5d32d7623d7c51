using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using EasyIsp.Web.Commands;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace EasyIsp.Web.Tests;

/// <summary>The whole Web process in memory, on a database of its own; Hangfire does not run.</summary>
public sealed class ConsoleHost : IAsyncDisposable
{
    public const string Password = "blue mule crossing";

    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("easyisp-web-tests");
    private readonly TestDatabase _database;
    private readonly string _address;
    private readonly WebApplicationFactory<Program> _factory;

    private ConsoleHost(TestDatabase database, string? connectionStrings, IEnumerable<KeyValuePair<string, string>> settings, TimeProvider? clock, Action<IServiceCollection>? edges)
    {
        _database = database;
        // By https alone its cookies are good, where its settings say that it is found there.
        _address = settings.LastOrDefault(setting => setting.Key == "Console:PublicUrl").Value?.StartsWith("https:", StringComparison.Ordinal) is true
            ? "https://localhost" : "http://localhost";
        var (path, password) = KeyRingCertificate.Ensure(Path.Combine(_secrets.FullName, "keyring.pfx"), known: null);
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(web => settings.Aggregate(web.UseSetting("Serilog:MinimumLevel:Default", "Fatal"), (w, setting) => w.UseSetting(setting.Key, setting.Value))
            .UseSetting("ConnectionStrings:App", connectionStrings ?? database.App)
            .UseSetting("ConnectionStrings:Platform", connectionStrings ?? database.Platform)
            .UseSetting("ConnectionStrings:Jobs", database.Jobs)
            .UseSetting("KeyRing:CertificatePath", path)
            .UseSetting("KeyRing:CertificatePassword", password)
            .ConfigureTestServices(services =>
            {
                WithoutJobs(services);
                if (clock is not null)
                    services.AddSingleton(clock);
                edges?.Invoke(services);
            }));
    }

    /// <summary>For who asks a thousand times within seconds, and means another wall than the limits.</summary>
    public static IReadOnlyDictionary<string, string> WithoutLimits { get; } = LimitRules.All.OfType<TryRule>()
        .ToDictionary(rule => $"{LimitOptions.Section}:{rule.Name}:{nameof(LimitSetting.Tries)}", _ => "1000000");

    public IServiceProvider Services => _factory.Services;

    public TestDatabase Database => _database;

    /// <param name="connectionStrings">Null for the copied database.</param>
    /// <param name="clock">Null for the real one.</param>
    /// <param name="edges">Puts paper in the place of what lies outside.</param>
    public static async Task<ConsoleHost> StartAsync(
        PostgresServer server,
        string? connectionStrings = null,
        IEnumerable<KeyValuePair<string, string>>? settings = null,
        TimeProvider? clock = null,
        Action<IServiceCollection>? edges = null)
    {
        var host = new ConsoleHost(await server.CopyAsync(), connectionStrings, settings ?? [], clock, edges);
        if (connectionStrings is null)
            await host.Services.GetRequiredService<BlindIndex>().EnsureKeyAsync(CancellationToken.None);
        return host;
    }

    /// <summary>A browser without script: keeps cookies, does not follow redirects.</summary>
    /// <param name="address">Where it finds the console; null as the console says of itself.</param>
    public HttpClient Browser(string? address = null) => _factory.CreateClient(new WebApplicationFactoryClientOptions
    {
        AllowAutoRedirect = false,
        BaseAddress = new Uri(address ?? _address),
    });

    public async Task<Guid> FoundTenantAsync(string slug)
    {
        var tenant = Tenant.Found(slug, $"{slug} Net", TenantLocale.Kenya, Now);
        await using var db = await Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        db.Tenants.Add(tenant);
        db.Roles.AddRange(StandardRoles.For(tenant.Id, Now));
        await db.CommitAsync(CancellationToken.None);
        return tenant.Id;
    }

    public async Task<StaffUser> HireAsync(string email, string role, params Guid[] tenants)
    {
        var user = await RegisterAsync(email, isSuperAdmin: false);
        await using var db = await Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        foreach (var tenantId in tenants)
        {
            var roleId = db.Roles.IgnoreAllTenants().Single(r => r.TenantId == tenantId && r.Name == role).Id;
            db.Memberships.Add(Membership.Begin(tenantId, user.Id, roleId, Now));
        }

        await db.CommitAsync(CancellationToken.None);
        return user;
    }

    public async Task<StaffUser> RegisterAsync(string email, bool isSuperAdmin, bool isVerified = true)
    {
        await using var scope = Services.CreateAsyncScope();
        var user = StaffUser.Invite(email, "Wanjiku Kamau", isSuperAdmin, Now);
        user.EmailConfirmed = isVerified;
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().CreateAsync(user, Password);
        return result.Succeeded ? user : throw new InvalidOperationException(result.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await _database.DisposeAsync();
        _secrets.Delete(recursive: true);
    }

    private DateTimeOffset Now => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    private static void WithoutJobs(IServiceCollection services)
    {
        foreach (var worker in services.Where(service => service.ServiceType == typeof(IHostedService) && IsOfJobs(service)).ToList())
            services.Remove(worker);
    }

    private static bool IsOfJobs(ServiceDescriptor service)
        => (service.ImplementationType ?? service.ImplementationFactory?.Method.Module.Assembly.GetTypes()[0])?.FullName is { } name
            && (name.StartsWith("Hangfire", StringComparison.Ordinal) || name.EndsWith("RecurringJobsStarter", StringComparison.Ordinal))
            || service.ImplementationFactory?.Method.Module.Assembly.GetName().Name == "Hangfire.NetCore";
}

internal static class BrowserSteps
{
    public static async Task<HttpResponseMessage> SignInAsync(this HttpClient browser, string email, string password = ConsoleHost.Password)
    {
        var page = await browser.GetStringAsync("/account/sign-in");
        return await browser.PostAsync("/account/sign-in", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = TokenIn(page),
            ["Form.Email"] = email,
            ["Form.Password"] = password,
        }));
    }

    public static async Task<HttpResponseMessage> PostFormAsync(this HttpClient browser, string formPage, string action, params (string Name, string Value)[] fields)
    {
        var page = await browser.GetStringAsync(formPage);
        return await browser.PostAsync(action, new FormUrlEncodedContent(
            fields.Append((Name: "__RequestVerificationToken", Value: TokenIn(page))).ToDictionary(field => field.Name, field => field.Value)));
    }

    public static Task<HttpResponseMessage> OpenAsync(this HttpClient browser, string path)
        => browser.GetAsync(path, TestContext.Current.CancellationToken);

    public static Task<string> ReadAsync(this HttpClient browser, string path)
        => browser.GetStringAsync(path, TestContext.Current.CancellationToken);

    public static Task<string> TextAsync(this HttpResponseMessage answer)
        => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static string? LocationPath(this HttpResponseMessage response)
        => response.Headers.Location is { } location ? (location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString) : null;

    public static bool IsRedirect(this HttpResponseMessage response) => response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther;

    public static IQueryable<Role> IgnoreAllTenants(this IQueryable<Role> roles)
        => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.IgnoreQueryFilters(roles, [QueryFilters.Tenant]);

    public static string TokenIn(string html)
    {
        const string Mark = "name=\"__RequestVerificationToken\" value=\"";
        var start = html.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        return WebUtility.HtmlDecode(html[start..html.IndexOf('"', start)]);
    }
}
