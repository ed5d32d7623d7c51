using System.Diagnostics;
using System.Net;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>FreeRADIUS's client, which skips the test where it is not installed.</summary>
internal static class Radclient
{
    private const string Program = "/usr/bin/radclient";

    /// <returns>What it says it sent and received.</returns>
    public static async Task<string> AskAsync(IPEndPoint server, string command, string secret, string attributes)
    {
        Assert.SkipUnless(File.Exists(Program), "freeradius-utils is not installed");
        using var process = System.Diagnostics.Process.Start(
            new ProcessStartInfo(Program, ["-x", "-r", "1", "-t", "3", $"{server}", command, secret])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var cancellationToken = TestContext.Current.CancellationToken;
        await process.StandardInput.WriteLineAsync(attributes.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return await output + await error;
    }
}
