using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>RFC 2759 section 9, octet for octet; reference/radius.md, cases 42 and 45.</summary>
public sealed class MsChapV2Tests
{
    [Fact]
    public void The_example_of_rfc_2759_is_computed_octet_for_octet()
    {
        var password = NtHash.Of(MsChapVectors.Password);
        var challenge = MsChapVectors.Challenge("User");
        Span<byte> hash = stackalloc byte[8];
        MsChapV2.Hash(challenge, hash);
        Span<byte> response = stackalloc byte[MsChapV2.NtResponseSize];
        MsChapV2.Respond(challenge, password, response);
        Span<byte> proof = stackalloc byte[MsChapV2.AuthenticatorResponseSize];
        MsChapV2.WriteAuthenticatorResponse(challenge, password, response, proof);

        Assert.Equal(Wire.Hex("44ebba8d5312b8d611474411f56989ae"), password.Octets);
        Assert.Equal(Wire.Hex("41c00c584bd2d91c4017a2a12fa59f3f"), password.HashHash);
        Assert.Equal(Wire.Hex("d02e4386bce91226"), hash);
        Assert.Equal(MsChapVectors.NtResponse, response);
        Assert.Equal(MsChapVectors.AuthenticatorResponse, Encoding.ASCII.GetString(proof));
    }

    [Theory]
    [InlineData(MsChapVectors.Password, true)]
    [InlineData("clientpass", false)]
    [InlineData("", false)]
    public void Only_the_password_itself_is_proved(string password, bool isProved)
        => Assert.Equal(isProved, MsChapV2.Verify(MsChapVectors.Challenge("User"), NtHash.Of(password), MsChapVectors.NtResponse));

    [Theory]
    [InlineData("User", true)]
    [InlineData(@"SAVANNA\User", true)]
    [InlineData("user", false)]
    [InlineData(@"User\", false)]
    public void A_domain_is_not_hashed_and_a_name_is_hashed_as_typed(string userName, bool isProved)
        => Assert.Equal(
            isProved,
            MsChapV2.Verify(MsChapVectors.Challenge(userName), NtHash.Of(MsChapVectors.Password), MsChapVectors.NtResponse));

    /// <summary>Section 9.3: seven octets of the hash become eight with odd parity, which DES itself does not look at.</summary>
    [Theory]
    [InlineData("fc156af7edcd6c", "fd0b5b5e7f6e34d9")]
    [InlineData("0edde3337d427f", "0e6e796737ea08fe")]
    [InlineData("4eac0000000000", "4f57010101010101")]
    [SuppressMessage("Security", "CA5351", Justification = "The protocol says DES.")]
    public void Keys_of_seven_octets_are_the_des_keys_of_the_rfc(string seven, string eight)
    {
        using var des = DES.Create();
        des.Key = Wire.Hex(eight);
        var block = "KGS!@#$%"u8;
        Span<byte> cipher = stackalloc byte[DesBlock.Size];
        DesBlock.Encrypt(Wire.Hex(seven), block, cipher);

        Assert.Equal(Wire.Hex("fc156af7edcd6c0edde3337d427f4eac"), NtHash.Of("MyPw").Octets);
        Assert.Equal(des.EncryptEcb(block, PaddingMode.None), cipher);
    }

    [Fact]
    public void A_weak_key_is_a_key()
    {
        Span<byte> cipher = stackalloc byte[DesBlock.Size];

        DesBlock.Encrypt(new byte[DesBlock.KeySize], new byte[DesBlock.Size], cipher);

        Assert.Equal(Wire.Hex("8ca64de9c1b123a7"), cipher);
    }

    [Theory]
    [InlineData("", "31d6cfe0d16ae931b73c59d7e0c089c0")]
    [InlineData("sirí✓", "0577e4389c06243fd4ab999b93cd6623")]
    [InlineData("kuku🐔", "1c34eb8a83e17ca7f68d2470d0e10b75")]
    public void Passwords_are_hashed_as_utf_16_with_surrogates(string password, string hash)
        => Assert.Equal(hash, Convert.ToHexStringLower(NtHash.Of(password).Octets));

    [Fact]
    public void A_hash_is_not_printed()
        => Assert.DoesNotContain("44EB", $"{NtHash.Of(MsChapVectors.Password)}", StringComparison.OrdinalIgnoreCase);
}
