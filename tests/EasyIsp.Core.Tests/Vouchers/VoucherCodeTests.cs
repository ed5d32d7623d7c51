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

    [Fact]
    public void What_is_printed_is_what_may_be_typed()
        => Assert.Equal(11, VoucherCode.Normalize(VoucherCode.Generate("SV", VoucherCode.DefaultLength))!.Length);
}
