using System.Text;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, cases 21 and 37.</summary>
public sealed class UserPasswordTests
{
    private readonly byte[] _hidden = new byte[UserPassword.MaxSize];
    private readonly byte[] _revealed = new byte[UserPassword.MaxSize];

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(15, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(128, 128)]
    public void A_password_of_any_allowed_length_is_hidden_in_whole_blocks_and_revealed(int length, int size)
    {
        var password = Encoding.ASCII.GetBytes(new string('p', length));

        Assert.Equal(size, UserPassword.Hide(password, Wire.Authenticator, Wire.Secret, _hidden));
        Assert.Equal(password, Reveal(_hidden.AsSpan(0, size), Wire.Secret));
    }

    [Fact]
    public void A_longer_password_is_refused()
        => Assert.Throws<ArgumentException>(
            () => UserPassword.Hide(new byte[129], Wire.Authenticator, Wire.Secret, new byte[256]));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(127)]
    [InlineData(144)]
    [InlineData(253)]
    public void An_attribute_that_is_not_in_blocks_or_too_long_reveals_nothing(int size)
    {
        Assert.Null(Reveal(new byte[size], Wire.Secret));
        Assert.False(UserPassword.Matches(new byte[size], Wire.Authenticator, Wire.Secret, ""u8));
    }

    [Fact]
    public void Trailing_nuls_are_padding_and_a_nul_inside_is_part_of_the_password()
    {
        var size = UserPassword.Hide("a\0b\0\0"u8, Wire.Authenticator, Wire.Secret, _hidden);

        Assert.Equal("a\0b"u8.ToArray(), Reveal(_hidden.AsSpan(0, size), Wire.Secret));
    }

    [Fact]
    public void A_wrong_secret_reveals_garbage_that_matches_nothing_and_breaks_nothing()
    {
        var size = UserPassword.Hide("hello123"u8, Wire.Authenticator, Wire.Secret, _hidden);
        var garbage = Reveal(_hidden.AsSpan(0, size), new SharedSecret("other"));

        Assert.NotNull(garbage);
        Assert.NotEqual("hello123"u8.ToArray(), garbage);
        Assert.All(OpaqueText.Escape(garbage), character => Assert.False(char.IsControl(character)));
    }

    private byte[]? Reveal(ReadOnlySpan<byte> hidden, SharedSecret secret)
        => UserPassword.TryReveal(hidden, Wire.Authenticator, secret, _revealed, out var length)
            ? _revealed[..length]
            : null;
}
