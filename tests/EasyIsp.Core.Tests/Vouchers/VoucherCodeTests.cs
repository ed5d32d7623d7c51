using EasyIsp.Core.Shared;
using EasyIsp.Core.Vouchers;
using Xunit;

namespace EasyIsp.Core.Tests.Vouchers;

public sealed class VoucherCodeTests
{
    [Theory]
    [InlineData("SV", "K7MP2Q9XD", "SV-K7M-P2Q-9XD")]
    [InlineData("", "K7MP2Q9XD", "K7M-P2Q-9XD")]
    [InlineData("KIOSK", "K7MP2Q9X", "KIOSK-K7MP-2Q9X")]
    [InlineData("", "K7MP2Q9", "K7MP-2Q9")]
    [InlineData("A", "K7MP2Q9XDR", "A-K7MP-2Q9-XDR")]
    public void The_prefix_stands_alone_and_no_letter_does(string prefix, string random, string printed)
        => Assert.Equal(printed, VoucherCode.Printed(prefix, random));

    [Theory]
    [InlineData("")]
    [InlineData("SV")]
    [InlineData("KIOSK0")]
    public void Every_wrong_letter_and_every_two_that_changed_places_are_noticed(string prefix)
    {
        var code = VoucherCode.Normalize(VoucherCode.Generate(prefix, VoucherCode.MaxLength))!;
        Assert.True(VoucherCode.HasGoodCheck(code));

        for (var i = prefix.Length; i < code.Length; i++)
        {
            foreach (var other in RandomText.ReadableLetters.Where(letter => letter != code[i]))
                Assert.False(VoucherCode.HasGoodCheck($"{code[..i]}{other}{code[(i + 1)..]}"));
            for (var j = i + 1; j < code.Length; j++)
            {
                var swapped = code.ToCharArray();
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                Assert.Equal(code[i] == code[j], VoucherCode.HasGoodCheck(new string(swapped)));
            }
        }
    }

    [Fact]
    public void The_usual_code_carries_more_than_forty_bits_and_its_letters_look_alike_to_nobody()
    {
        Assert.InRange(VoucherCode.BitsOf(VoucherCode.DefaultLength), VoucherCode.EnoughBits, 44);
        Assert.Empty(RandomText.ReadableLetters.Intersect("0O1ILUV"));
        Assert.Equal(29, RandomText.ReadableLetters.Distinct().Count());
    }

    [Fact]
    public void What_is_printed_is_what_may_be_typed()
        => Assert.Equal(12, VoucherCode.Normalize(VoucherCode.Generate("SV", VoucherCode.DefaultLength))!.Length);
}
