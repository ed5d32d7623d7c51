using EasyIsp.Core.Identity;
using Xunit;

namespace EasyIsp.Core.Tests.Identity;

public sealed class CommonPasswordsTests
{
    [Theory]
    [InlineData("password1234")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("passwordpassword")]
    [InlineData("mikrotikmikrotik")]
    [InlineData("Safaricom2026!")]
    [InlineData("!!!2026Nairobi")]
    [InlineData("qwertyuiop123")]
    [InlineData("qwertyuiopasdf")]
    [InlineData("abcd1234asdf")]
    [InlineData("zyxwvutsrqponm")]
    [InlineData("1q2w3e4r5t6y!!")]
    [InlineData("Liverpool 2026 !!")]
    [InlineData("i.love-you_12345")]
    [InlineData("123456789012")]
    [InlineData("07123456789!!")]
    [InlineData("welcometoeasyisp")]
    [InlineData("correct horse battery staple")]
    public void What_is_tried_first_is_refused_however_it_is_dressed_up(string password) => Assert.True(CommonPasswords.IsCommon(password));

    [Theory]
    [InlineData("blue mule crossing")]
    [InlineData("green goat climbing")]
    [InlineData("K7MXP3RWTE23KMNP")]
    [InlineData("seven tin kettles")]
    [InlineData("mikrotik in the rain")]
    [InlineData("tR9#vL2!qZ8@")]
    public void What_a_person_put_together_is_taken(string password) => Assert.False(CommonPasswords.IsCommon(password));
}
