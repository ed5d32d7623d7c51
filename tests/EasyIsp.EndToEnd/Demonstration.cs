using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using Microsoft.Playwright;
using Xunit;

namespace EasyIsp.EndToEnd;

/// <summary>
/// The whole product as <c>./easyisp up</c> starts it: prepared by its own command, seeded, four processes, and a
/// browser before it.
/// </summary>
public class Demonstration(PostgresServer postgres) : IAsyncLifetime
{
    private readonly string _secrets = Directory.CreateTempSubdirectory("easyisp-e2e-").FullName;
    private readonly List<ProductProcess> _processes = [];
    private readonly Dictionary<string, string> _signIns = [];
    private readonly List<string> _passwords = [];
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;
    public Uri Console { get; private set; } = null!;
    public Uri Portal { get; private set; } = null!;
    public Uri Emulators { get; private set; } = null!;

    /// <summary>The console by its name: passkeys belong to one, and an address of digits is none.</summary>
    public Uri NamedConsole => new UriBuilder(Console) { Host = "localhost" }.Uri;

    /// <summary>Takes the console's mail.</summary>
    internal SmtpServer Mail { get; private set; } = null!;

    /// <summary>Where a new phone begins: the page that the router shows it.</summary>
    public static Uri Hotspot { get; } = new("http://127.0.1.1:8081/");

    /// <summary>Every line that the processes wrote.</summary>
    public IEnumerable<string> Logs => _processes.SelectMany(process => process.Output);

    public string Database { get; private set; } = null!;

    /// <summary>What no log may say: passwords of people, of the database's roles, of the key ring.</summary>
    public IEnumerable<string> Secrets => [.. _signIns.Values, .. _passwords];

    public string PasswordOf(string email) => _signIns[email];

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Mail = await SmtpServer.StartAsync();
        var environment = await PrepareAsync(cancellationToken);
        foreach (var line in await ProductProcess.RunAsync("tests/EasyIsp.Emulators", "seed", environment, cancellationToken))
        {
            if (line.Split(' ') is ["sign-in:", _, var email, var password])
                _signIns[email] = password;
        }

        await FurnishAsync();
        foreach (var (project, address) in Programs)
            _processes.Add(await ProductProcess.StartAsync(project, environment, cancellationToken, address));

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"],
        });
    }

    /// <summary>What is started, in this order.</summary>
    protected virtual IEnumerable<(string Project, Uri Address)> Programs =>
    [
        ("EasyIsp.Portal", Portal),
        ("EasyIsp.Radius", new Uri($"http://127.0.0.1:{ProductProcess.FreePort()}")),
        ("EasyIsp.Web", Console),
        ("tests/EasyIsp.Emulators", Emulators),
    ];

    /// <summary>What else is put into the database before anything is started.</summary>
    protected virtual Task FurnishAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        foreach (var process in Enumerable.Reverse(_processes))
            await process.DisposeAsync();
        if (Mail is not null)
            await Mail.DisposeAsync();
        Directory.Delete(_secrets, recursive: true);
    }

    /// <summary>Kept with the run's artifacts, to be looked at.</summary>
    public static Task ScreenshotAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Environment.GetEnvironmentVariable("EASYISP_ARTIFACTS") ?? Path.GetTempPath(), $"{name}.png"),
        FullPage = true,
    });

    /// <summary>The same of what was found, so that it can be read before the test has ended.</summary>
    public static Task NoteAsync(string name, IReadOnlyCollection<string> found) => found.Count == 0 ? Task.CompletedTask
        : File.AppendAllLinesAsync(Path.Combine(Environment.GetEnvironmentVariable("EASYISP_ARTIFACTS") ?? Path.GetTempPath(), $"{name}.txt"), found, TestContext.Current.CancellationToken);

    private async Task<Dictionary<string, string>> PrepareAsync(CancellationToken cancellationToken)
    {
        (Console, Portal, Emulators) = (FreeAddress(), FreeAddress(), FreeAddress());
        Database = $"e2e_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        var environment = new Dictionary<string, string>
        {
            ["Portal__PublicUrl"] = Portal.AbsoluteUri.TrimEnd('/'),
            ["Mail__Host"] = Mail.Options().Host!,
            ["Mail__Port"] = $"{Mail.Options().Port}",
            ["Mail__From"] = Mail.Options().From!,
            ["Mail__Security"] = $"{Mail.Options().Security}",
            ["Console__PublicUrl"] = NamedConsole.AbsoluteUri.TrimEnd('/'),
            ["EASYISP_PORTAL_URL"] = Portal.AbsoluteUri.TrimEnd('/'),
            ["EASYISP_EMULATORS_URL"] = Emulators.AbsoluteUri.TrimEnd('/'),
            // Nobody buys but the tests, and whom they invite.
            ["Shoppers__MeanPause"] = "00:00:00",
            ["Shoppers__LongestStay"] = "00:00:20",
            ["Shoppers__MeanAbsence"] = "00:00:03",
            ["EASYISP_RADIUS_AUTH_PORT"] = $"{ProductProcess.FreePort()}",
            ["EASYISP_RADIUS_ACCT_PORT"] = $"{ProductProcess.FreePort()}",
        };
        environment["Radius__AuthPort"] = environment["EASYISP_RADIUS_AUTH_PORT"];
        environment["Radius__AcctPort"] = environment["EASYISP_RADIUS_ACCT_PORT"];

        // The roles belong to the whole server: they keep the password that the run's other tests use.
        var server = Environment.GetEnvironmentVariable("EASYISP_TEST_PG")!;
        await postgres.WriteConnectionsAsync(Path.Combine(_secrets, "connections.env"), Database, cancellationToken);
        await ProductProcess.RunAsync("EasyIsp.Web", "prepare", new Dictionary<string, string>
        {
            ["ConnectionStrings__Admin"] = server, ["Prepare__SecretsPath"] = _secrets, ["Prepare__Database"] = Database,
        }, cancellationToken);
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(_secrets, "connections.env"), cancellationToken))
            environment[line[..line.IndexOf('=', StringComparison.Ordinal)]] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        _passwords.Add(environment["KeyRing__CertificatePassword"]);
        _passwords.Add(new Npgsql.NpgsqlConnectionStringBuilder(environment["ConnectionStrings__App"]).Password!);
        return environment;
    }

    private static Uri FreeAddress() => new($"http://127.0.0.1:{ProductProcess.FreePort()}");
}
