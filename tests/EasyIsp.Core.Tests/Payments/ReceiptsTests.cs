using EasyIsp.Core.Payments;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class ReceiptsTests
{
    [Theory]
    [InlineData("sgh4k2m7qx", "SGH4K2M7QX")]
    [InlineData(" SGH4 K2M7-QX. ", "SGH4K2M7QX")]
    [InlineData("SGH4K2M7Q", null)]
    [InlineData("SGH4K2M7QXX", null)]
    [InlineData("SGH4K2M7Q'", null)]
    [InlineData("\u0405GH4K2M7QX", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void What_is_typed_as_a_receipt_is_ten_letters_and_digits(string? typed, string? receipt)
        => Assert.Equal(receipt, Receipts.Typed(typed));

    [Theory]
    [InlineData("UA17K4M2Q", true)]
    [InlineData("UA17K4M2QXAB", true)]
    [InlineData("UA17K4M2", false)]
    [InlineData("UA17K4M2QXABC", false)]
    [InlineData("ua17k4m2qx", false)]
    [InlineData("UA17K4M2QX\n", false)]
    public void What_a_provider_tells_as_one_has_nine_to_twelve(string told, bool isOne)
        => Assert.Equal(isOne, Receipts.IsReceipt(told));
}
