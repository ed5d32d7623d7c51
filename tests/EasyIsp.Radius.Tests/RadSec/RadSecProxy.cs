using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Radius.Tests.Spool;
using EasyIsp.Radius.Tests.Worker;

namespace EasyIsp.Radius.Tests.RadSec;

/// <summary>Debian's radsecproxy: takes RADIUS by UDP and asks the worker over TLS. Skips the test where it is not installed.</summary>
internal sealed class RadSecProxy : IAsyncDisposable
{
    private const string Program = "/usr/sbin/radsecproxy";

    private readonly TemporaryDirectory _directory = new();
    private readonly System.Diagnostics.Process _process;

    private RadSecProxy(Isp isp, IssuedCertificate certificate, string authorityPem)
    {
        Endpoint = FreePort();
        var identity = Write("router.pem", certificate.Pem);
        var configuration = Write("radsecproxy.conf", $$"""
            ListenUDP {{Endpoint}}
            LogLevel 2
            tls easyisp {
                CACertificateFile {{Write("authority.pem", authorityPem)}}
                CertificateFile {{identity}}
                CertificateKeyFile {{identity}}
                CertificateKeyPassword {{certificate.Passphrase}}
            }
            client radclient {
                host 127.0.0.1
                type UDP
                secret {{Isp.Secret}}
            }
            server worker {
                host 127.0.0.1:{{isp.RadSec.Port}}
                type TLS
                tls easyisp
                secret radsec
                CertificateNameCheck on
                StatusServer on
            }
            realm * {
                server worker
                accountingServer worker
            }
            """);
        _process = System.Diagnostics.Process.Start(new ProcessStartInfo(Program, ["-f", "-c", configuration])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Where it takes RADIUS by UDP, both kinds.</summary>
    public IPEndPoint Endpoint { get; }

    public static RadSecProxy Start(Isp isp, IssuedCertificate certificate, string authorityPem)
    {
        Assert.SkipUnless(File.Exists(Program), "radsecproxy is not installed");
        return new RadSecProxy(isp, certificate, authorityPem);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        TestContext.Current.TestOutputHelper?.WriteLine(await _process.StandardError.ReadToEndAsync());
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
