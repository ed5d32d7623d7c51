using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Testing;

namespace EasyIsp.Radius.Tests.Worker;

/// <summary>
/// The worker as Debian's libpam-radius-auth sees it: a client that has nothing to do with RouterOS, signs nothing and asks
/// for accounting at the port after the one for logins.
/// </summary>
public sealed class PamTests(PostgresServer server) : IDisposable
{
    private const string Program = "/usr/bin/pamtester";

    private readonly TemporaryDirectory _services = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Pam_logs_somebody_in_refuses_a_wrong_password_and_reports_the_session()
    {
        Assert.SkipUnless(File.Exists(Program), "pamtester is not installed");
        var port = TwoFreePorts();
        await using var isp = await Isp.OpenAsync(server, configure: options => (options.AuthPort, options.AcctPort) = (port, port + 1));
        using var nas = await isp.AddRouterAsync("127.0.0.1");
        await isp.AddSubscriberAsync("house");
        WriteService(port);

        Assert.Contains("successfully authenticated", await PamAsync("house", "hello123", "authenticate"), StringComparison.Ordinal);
        Assert.Contains("Authentication failure", await PamAsync("house", "wrong", "authenticate"), StringComparison.Ordinal);
        Assert.Contains("Authentication failure", await PamAsync("nobody", "hello123", "authenticate"), StringComparison.Ordinal);
        isp.World.Clock.Advance(Places.StartsWithin); // no device is named, so that this one looks like another
        var session = await PamAsync("house", "hello123", "authenticate", "open_session", "close_session");
        Assert.Contains("session has successfully been closed", session, StringComparison.Ordinal);
        Assert.Equal("house|t", await isp.QueryAsync("user_name, customer_id is not null) from sessions --"));
    }

    /// <summary>What /etc/pam.d and /etc/pam_radius_auth.conf would hold.</summary>
    private void WriteService(int port)
    {
        var configuration = Path.Combine(_services.Path, "server.conf");
        File.WriteAllText(configuration, $"127.0.0.1:{port} {Isp.Secret} 3\n");
        var module = $"pam_radius_auth.so conf={configuration} retry=2";
        File.WriteAllText(Path.Combine(_services.Path, "gate"), $"auth required {module}\nsession required {module}\n");
        File.WriteAllText(Path.Combine(_services.Path, "other"), "auth required pam_deny.so\n");
    }

    private async Task<string> PamAsync(string userName, string password, params string[] operations)
    {
        var start = new ProcessStartInfo(Program, ["gate", userName, .. operations])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["LD_PRELOAD"] = "libpam_wrapper.so",
                ["PAM_WRAPPER"] = "1",
                ["PAM_WRAPPER_SERVICE_DIR"] = _services.Path,
            },
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var cancellationToken = TestContext.Current.CancellationToken;
        await process.StandardInput.WriteLineAsync(password.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return await output + await error;
    }

    private static int TwoFreePorts()
    {
        while (true)
        {
            var port = ProductProcess.FreeUdpPort();
            try
            {
                using var next = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                next.Bind(new IPEndPoint(IPAddress.Loopback, port + 1));
                return port;
            }
            catch (SocketException)
            {
                // The one behind it is taken.
            }
        }
    }
}
