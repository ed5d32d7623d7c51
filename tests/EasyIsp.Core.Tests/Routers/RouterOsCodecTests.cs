using EasyIsp.Core.Routers.RouterOs;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

/// <summary>Byte vectors of mikrotik.md 1.1, 1.4 and 1.10.</summary>
public sealed class RouterOsCodecTests
{
    private const string RowBytes =
        "03217265073d2e69643d2a31183d616464726573733d3139322e3136382e38382e312f3234113d696e746572666163653d6574686572310f3d6469736162" +
        "6c65643d66616c7365062e7461673d3700";

    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(0x7F, "7F")]
    [InlineData(0x80, "8080")]
    [InlineData(0xC8, "80C8")]
    [InlineData(0xFF, "80FF")]
    [InlineData(0x100, "8100")]
    [InlineData(0x3FFF, "BFFF")]
    [InlineData(0x4000, "C04000")]
    [InlineData(0x12345, "C12345")]
    [InlineData(0x1FFFFF, "DFFFFF")]
    [InlineData(0x200000, "E0200000")]
    [InlineData(0xFFFFFFF, "EFFFFFFF")]
    [InlineData(0x10000000, "F010000000")]
    public void A_length_takes_the_bytes_of_the_manual_both_ways(int length, string hex)
    {
        var prefix = new byte[WordLength.MaxSize];
        var size = WordLength.Write(prefix, length);

        Assert.Equal(hex, Convert.ToHexString(prefix.AsSpan(0, size)));
        Assert.Equal(size, WordLength.SizeFrom(prefix[0]));
        Assert.Equal((uint)length, WordLength.Read(prefix.AsSpan(0, size)));
    }

    [Fact]
    public void The_sign_in_is_the_bytes_of_the_manual()
        => Assert.Equal(
            "062f6c6f67696e0c3d6e616d653d697370617069113d70617373776f72643d5333637265742100",
            Convert.ToHexStringLower(new RouterOsCommand("/login").With("name", "ispapi").With("password", "S3cret!").Encode()));

    [Fact]
    public void A_print_with_columns_condition_and_tag_is_the_bytes_of_the_manual()
        => Assert.Equal(
            "112f69702f616464726573732f7072696e74293d2e70726f706c6973743d2e69642c616464726573732c696e746572666163652c64697361626c6564" +
            "113f696e746572666163653d657468657231062e7461673d3700",
            Convert.ToHexStringLower(new RouterOsCommand("/ip/address/print")
                .Only(".id", "address", "interface", "disabled")
                .Where("interface", "ether1")
                .Encode("7")));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_row_is_read_whole_however_tcp_cuts_it(int bytesAtOnce)
    {
        var reader = new SentenceReader(new SlicedStream(Convert.FromHexString(RowBytes + RowBytes), bytesAtOnce));

        var first = RouterOsReply.Parse((await reader.ReadAsync(TestContext.Current.CancellationToken))!);
        var second = await reader.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal((RouterOsReply.Row, "7"), (first.Type, first.Tag));
        Assert.Equal("192.168.88.1/24", first.Attributes["address"]);
        Assert.Equal("false", first.Attributes["disabled"]);
        Assert.Equal(6, second!.Count);
        Assert.Null(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_end_inside_a_sentence_is_a_broken_connection()
    {
        var reader = new SentenceReader(new MemoryStream(Convert.FromHexString(RowBytes)[..20]));

        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("F8")]
    [InlineData("F1")]
    [InlineData("EFFFFFFF")]
    public async Task Bytes_that_are_no_api_are_refused(string hex)
    {
        var reader = new SentenceReader(new MemoryStream(Convert.FromHexString(hex)));

        await Assert.ThrowsAsync<InvalidDataException>(() => reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_word_that_is_no_utf8_is_read_as_latin1()
    {
        var reader = new SentenceReader(new MemoryStream([3, (byte)'!', (byte)'r', (byte)'e', 4, (byte)'=', (byte)'c', (byte)'=', 0xE9, 0]));

        Assert.Equal("é", RouterOsReply.Parse((await reader.ReadAsync(TestContext.Current.CancellationToken))!).Attributes["c"]);
    }

    [Theory]
    [InlineData("!fatal|session terminated on request", "session terminated on request")]
    [InlineData("!fatal|=message=bye", "bye")]
    public void A_fatal_says_its_reason_either_way(string words, string reason)
        => Assert.Equal(reason, RouterOsReply.Parse(words.Split('|')).Reason);

    [Fact]
    public void A_value_may_hold_equals_signs_and_nothing()
    {
        var reply = RouterOsReply.Parse(["!re", "=comment=a=b", "=name="]);

        Assert.Equal("a=b", reply.Attributes["comment"]);
        Assert.Equal("", reply.Attributes["name"]);
    }

    [Theory]
    [InlineData("93b438ec9b80057c06dd9fe67d56aa9a", "", "00e134102a9d330dd7b1849fedfea3cb57")]
    [InlineData("93b438ec9b80057c06dd9fe67d56aa9a", "S3cret!", "0039fe9ae83ebacc52e73f2a73795685ba")]
    public void The_old_challenge_is_answered_as_the_manual_does(string challenge, string password, string response)
        => Assert.Equal(response, RouterSignIn.ResponseTo(challenge, password));

    [Fact]
    public void Nothing_that_prints_itself_prints_a_password()
    {
        var endpoint = new RouterEndpoint("127.0.0.1", "api", "S3cret!") { TlsFingerprint = "00" };
        var command = new RouterOsCommand("/login").With("password", "S3cret!");

        Assert.Equal(("127.0.0.1:8729", "/login"), (endpoint.ToString(), command.ToString()));
    }

    private sealed class SlicedStream(byte[] bytes, int bytesAtOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(bytesAtOnce, buffer.Length)], cancellationToken);
    }
}
