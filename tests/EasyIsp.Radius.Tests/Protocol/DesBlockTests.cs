using EasyIsp.Radius.Protocol;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace EasyIsp.Radius.Tests.Protocol;

public sealed class DesBlockTests
{
    [Fact]
    public void The_block_of_the_standards_example_comes_out()
    {
        // The worked example of FIPS 46's time: key 133457799BBCDFF1 without its parity bits.
        Assert.Equal("85E813540F0AB405", Encrypted(Convert.FromHexString("12695BC9B7B7F8"), "0123456789ABCDEF"));
    }

    [Fact]
    public void Any_key_and_block_give_what_an_independent_implementation_gives()
    {
        var random = new Random(46);
        for (var round = 0; round < 2000; round++)
        {
            var (key, block) = (new byte[DesBlock.KeySize], new byte[DesBlock.Size]);
            random.NextBytes(key);
            random.NextBytes(block);
            Assert.Equal(Independent(key, block), Encrypted(key, Convert.ToHexString(block)));
        }
    }

    [Theory]
    [InlineData("00000000000000")]
    [InlineData("FFFFFFFFFFFFFF")]
    [InlineData("F0F0F0F0F0F0F0")]
    public void Weak_keys_are_keys(string key)
    {
        var octets = Convert.FromHexString(key);
        Assert.Equal(Independent(octets, new byte[DesBlock.Size]), Encrypted(octets, "0000000000000000"));
    }

    private static string Encrypted(byte[] key, string block)
    {
        var cipher = new byte[DesBlock.Size];
        DesBlock.Encrypt(key, Convert.FromHexString(block), cipher);
        return Convert.ToHexString(cipher);
    }

    private static string Independent(byte[] key, byte[] block)
    {
        ulong bits = 0;
        foreach (var octet in key)
            bits = (bits << 8) | octet;
        var withParity = Enumerable.Range(0, DesBlock.Size).Select(i => (byte)((bits >> (49 - (7 * i))) << 1)).ToArray();
        var engine = new DesEngine();
        engine.Init(forEncryption: true, new KeyParameter(withParity));
        var cipher = new byte[DesBlock.Size];
        engine.ProcessBlock(block, 0, cipher, 0);
        return Convert.ToHexString(cipher);
    }
}
