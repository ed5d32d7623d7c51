using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

[SuppressMessage("Security", "CA5351", Justification = "The one is compared with the other.")]
public sealed class Md5Tests
{
    [Theory]
    [InlineData("", "D41D8CD98F00B204E9800998ECF8427E")]
    [InlineData("abc", "900150983CD24FB0D6963F7D28E17F72")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "C3FCD3D76192E4007DFB496CCA67E13B")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57EDF4A22BE3C955AC49DA2E2107B67A")]
    public void The_test_suite_of_RFC_1321_holds(string text, string digest)
    {
        var own = new byte[Md5.Size];
        Md5.Hash(Encoding.ASCII.GetBytes(text), own);
        Assert.Equal(digest, Convert.ToHexString(own));
    }

    [Fact]
    public void Every_length_around_the_edges_of_blocks_gives_what_the_platform_gives()
    {
        var random = new Random(1321);
        for (var length = 0; length <= 4 * Md5.BlockSize; length++)
        {
            var input = new byte[length];
            random.NextBytes(input);
            var own = new byte[Md5.Size];
            Md5.Hash(input, own);
            Assert.Equal(MD5.HashData(input), own);
        }
    }

    [Fact]
    public void The_message_authenticator_is_the_platforms_HMAC_for_keys_of_every_length()
    {
        var random = new Random(2104);
        for (var length = 1; length <= SharedSecret.MaxOctets; length++)
        {
            var (key, packet) = (new byte[length], new byte[20 + random.Next(200)]);
            random.NextBytes(key);
            random.NextBytes(packet);
            var own = new byte[Md5.Size];
            var authenticator = packet[4..20];
            PacketDigest.HmacMd5(packet, authenticator, messageAuthenticatorOffset: 4, new SharedSecret(key), own);

            packet.AsSpan(4, 16).Clear();
            Assert.Equal(HMACMD5.HashData(key, packet), own);
        }
    }
}
