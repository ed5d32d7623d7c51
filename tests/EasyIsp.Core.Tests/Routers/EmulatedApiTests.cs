using System.Net.Sockets;
using System.Text;
using EasyIsp.Emulators.Routers;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>The emulator's API by its bytes and words, without our client.</summary>
public sealed class EmulatedApiTests
{
    [Fact]
    public async Task Failure_and_success_of_a_sign_in_are_the_bytes_of_the_manual()
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var wrong = await TalkAsync(site, "/login", "=name=ispapi", "=password=S3cret!");
        Assert.Equal(
            "0521747261702a3d6d6573736167653d696e76616c69642075736572206e616d65206f722070617373776f72642028362900",
            Convert.ToHexStringLower(await wrong.ReadBytesAsync(50)));
        Assert.Equal("0521646f6e6500", Convert.ToHexStringLower(await wrong.ReadBytesAsync(7)));

        using var right = await TalkAsync(site, "/login", $"=name={site.Router.Options.ApiUser}", $"=password={site.Router.Options.ApiPassword}");
        Assert.Equal("0521646f6e6500", Convert.ToHexStringLower(await right.ReadBytesAsync(7)));
    }

    [Theory]
    [InlineData("7.20", "!empty")]
    [InlineData("7.16", "!done")]
    public async Task No_rows_are_said_from_7_18_on(string version, string first)
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.Version = RouterOsVersion.Parse(version));
        using var api = await SignedInAsync(site);

        Assert.Equal([first, ".tag=7"], await api.AskAsync("/ppp/active/print", ".tag=7"));
    }

    [Theory]
    [InlineData("/ip/hotspot/host/fly", "=category=0 =message=no such command")]
    [InlineData("/ip/nowhere/print", "=category=0 =message=no such command prefix")]
    [InlineData("/ip/hotspot/active/remove =.id=*99", "=category=0 =message=no such item")]
    [InlineData("/ip/hotspot/active/remove", "=message=missing =.id=")]
    [InlineData("/ip/hotspot/host/print =colour=red", "=message=unknown parameter colour")]
    public async Task Refusals_are_a_trap_and_a_done(string request, string trap)
    {
        await using var site = await EmulatedSite.OpenAsync();
        using var api = await SignedInAsync(site);

        Assert.Equal($"!trap {trap}", string.Join(' ', await api.AskAsync(request.Split(' '))));
        Assert.Equal(["!done"], await api.ReadAsync());
    }

    [Theory]
    [InlineData("?mac-address=02:00:00:00:00:01", 1)]
    [InlineData("?-comment", 3)]
    [InlineData("?comment", 0)]
    [InlineData("?mac-address=02:00:00:00:00:01 ?mac-address=02:00:00:00:00:02 ?#|", 2)]
    [InlineData("?mac-address=02:00:00:00:00:01 ?#!", 2)]
    [InlineData("?mac-address=02:00:00:00:00:01 ?authorized=false", 1)]
    public async Task Queries_are_counted_by_the_stack(string queries, int count)
    {
        await using var site = await EmulatedSite.OpenAsync();
        foreach (var last in Enumerable.Range(1, 3))
            site.Router.AddHost($"02:00:00:00:00:0{last}");
        using var api = await SignedInAsync(site);

        var reply = await api.AskAsync(["/ip/hotspot/host/print", "=count-only=", .. queries.Split(' ')]);

        Assert.Equal(["!done", $"=ret={count}"], reply);
    }

    [Fact]
    public async Task Columns_are_limited_to_those_asked_for()
    {
        await using var site = await EmulatedSite.OpenAsync(o => o.Name = "tower-3");
        using var api = await SignedInAsync(site);

        Assert.Equal(["!re", "=version=7.20 (stable)", "=board-name=RB5009UG+S+"],
            await api.AskAsync("/system/resource/print", "=.proplist=board-name,version"));
        Assert.Equal(["!done"], await api.ReadAsync());
        Assert.Equal(["!re", "=name=tower-3"], await api.AskAsync("/system/identity/print"));
    }

    [Fact]
    public async Task A_cancelled_command_is_interrupted_and_quitting_is_fatal()
    {
        await using var site = await EmulatedSite.OpenAsync();
        site.Router.Faults.ApiDelay = TimeSpan.FromHours(1);
        using var api = await SignedInAsync(site);
        await api.SendAsync("/ppp/active/print", ".tag=2");
        await api.SendAsync("/cancel", "=tag=2", ".tag=7");

        var replies = new[] { await api.ReadAsync(), await api.ReadAsync(), await api.ReadAsync() };

        Assert.Contains(replies, reply => reply is ["!trap", "=category=2", "=message=interrupted", ".tag=2"]);
        Assert.Contains(replies, reply => reply is ["!done", ".tag=2"]);
        Assert.Contains(replies, reply => reply is ["!done", ".tag=7"]);
        Assert.Equal(["!fatal", "session terminated on request"], await api.AskAsync("/quit"));
    }

    private static async Task<Conversation> SignedInAsync(EmulatedSite site)
    {
        var api = await TalkAsync(site, "/login", $"=name={site.Router.Options.ApiUser}", $"=password={site.Router.Options.ApiPassword}");
        Assert.Equal(["!done"], await api.ReadAsync());
        return api;
    }

    private static async Task<Conversation> TalkAsync(EmulatedSite site, params string[] first)
    {
        var client = new TcpClient();
        await client.ConnectAsync(site.Router.ApiEndPoint, TestContext.Current.CancellationToken);
        var conversation = new Conversation(client);
        await conversation.SendAsync(first);
        return conversation;
    }

    /// <summary>Short words only, so that a length is one byte: enough to be independent of both codecs.</summary>
    private sealed class Conversation(TcpClient client) : IDisposable
    {
        public async Task SendAsync(params string[] words)
        {
            byte[] sentence = [.. words.SelectMany(word => (byte[])[(byte)word.Length, .. Encoding.ASCII.GetBytes(word)]), 0];
            await client.GetStream().WriteAsync(sentence, TestContext.Current.CancellationToken);
        }

        public async Task<IReadOnlyList<string>> AskAsync(params string[] words)
        {
            await SendAsync(words);
            return await ReadAsync();
        }

        public async Task<IReadOnlyList<string>> ReadAsync()
        {
            var words = new List<string>();
            while ((await ReadBytesAsync(1))[0] is > 0 and var length)
                words.Add(Encoding.ASCII.GetString(await ReadBytesAsync(length)));
            return words;
        }

        public async Task<byte[]> ReadBytesAsync(int count)
        {
            var bytes = new byte[count];
            await client.GetStream().ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            return bytes;
        }

        public void Dispose() => client.Dispose();
    }
}
