using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Core.Mail;
using MimeKit;
using Xunit;

namespace EasyIsp.Core.Tests.Mail;

/// <summary>Debian's aiosmtpd, which keeps what it takes in a directory (Maildir). Skips the test where it is not installed.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/aiosmtpd";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("easyisp-mail-");
    private readonly int _port = FreePort();
    private readonly Process _process;

    private SmtpServer(string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(
            Program, ["-n", "-l", $"127.0.0.1:{_port}", .. arguments, "-c", "aiosmtpd.handlers.Mailbox", Path.Combine(_directory.FullName, "box")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>In the order of their subjects.</summary>
    public IReadOnlyList<MimeMessage> Mails
        => [.. _directory.GetFiles("box/new/*").Select(file => MimeMessage.Load(file.FullName)).OrderBy(mail => mail.Subject, StringComparer.Ordinal)];

    /// <param name="arguments">As aiosmtpd has them.</param>
    public static async Task<SmtpServer> StartAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Program), "aiosmtpd is not installed");
        var server = new SmtpServer(arguments);
        await server.AnswersAsync();
        return server;
    }

    public MailOptions Options(MailSecurity security = MailSecurity.None)
        => new() { Host = "127.0.0.1", Port = _port, From = "reports@easyisp.example", Security = security };

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        TestContext.Current.TestOutputHelper?.WriteLine(await _process.StandardError.ReadToEndAsync());
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task AnswersAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
