using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace EasyIsp.Core.Routers.RouterOs;

/// <summary>The <c>/login</c> dialogue (mikrotik.md 1.4), before anything else is sent and therefore without tags.</summary>
internal static class RouterSignIn
{
    /// <exception cref="RouterOsException">Refused, or not a RouterOS API.</exception>
    public static async Task SignInAsync(Stream stream, SentenceReader reader, RouterEndpoint router, CancellationToken cancellationToken)
    {
        var modern = new RouterOsCommand("/login").With("name", router.User).With("password", router.Password);
        if (await AskAsync(stream, reader, modern, cancellationToken) is not { } challenge)
            return;

        if (!router.AllowLegacyLogin)
        {
            throw new RouterOsException(
                RouterOsFailure.SignInRefused,
                "The router is older than RouterOS 6.43 and asks for an MD5 sign-in, which this router's settings do not allow.");
        }

        var legacy = new RouterOsCommand("/login")
            .With("name", router.User)
            .With("response", ResponseTo(challenge, router.Password));
        await AskAsync(stream, reader, legacy, cancellationToken);
    }

    /// <summary>00 and the MD5 of byte 00, the password and the challenge.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol of routers before 6.43; opt-in per router.")]
    public static string ResponseTo(string challenge, string password)
    {
        byte[] input = [0, .. Encoding.UTF8.GetBytes(password), .. Convert.FromHexString(challenge)];
        return "00" + Convert.ToHexStringLower(MD5.HashData(input));
    }

    /// <returns>The challenge of a router that wants the legacy step, else null.</returns>
    private static async Task<string?> AskAsync(
        Stream stream, SentenceReader reader, RouterOsCommand command, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(command.Encode(), cancellationToken);
        await stream.FlushAsync(cancellationToken);

        while (await reader.ReadAsync(cancellationToken) is { } sentence)
        {
            var reply = RouterOsReply.Parse(sentence);
            if (reply.Type == RouterOsReply.Done)
                return reply.Attributes.GetValueOrDefault("ret");
            // Some versions drop the socket after the trap: its !done is not waited for.
            if (reply.Type is RouterOsReply.Trap or RouterOsReply.Fatal)
                throw new RouterOsException(RouterOsFailure.SignInRefused, reply.Reason);
        }

        throw new RouterOsException(RouterOsFailure.ConnectionLost, "The router closed the connection during the sign-in.");
    }
}
