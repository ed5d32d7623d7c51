using EasyIsp.Core.Outbox.Sms;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class SmsSegmentsTests
{
    public static TheoryData<string, SmsEncoding, int, int> Vectors => new()
    {
        { "", SmsEncoding.Gsm7, 0, 1 },
        { A(160), SmsEncoding.Gsm7, 160, 1 },
        { A(161), SmsEncoding.Gsm7, 161, 2 },
        { A(306), SmsEncoding.Gsm7, 306, 2 },
        { A(307), SmsEncoding.Gsm7, 307, 3 },
        { A(158) + "€", SmsEncoding.Gsm7, 160, 1 },
        { A(159) + "€", SmsEncoding.Gsm7, 161, 2 },
        { A(152) + "€" + A(153), SmsEncoding.Gsm7, 307, 3 },
        { Quotes(70), SmsEncoding.Ucs2, 70, 1 },
        { Quotes(71), SmsEncoding.Ucs2, 71, 2 },
        { Quotes(134), SmsEncoding.Ucs2, 134, 2 },
        { Quotes(135), SmsEncoding.Ucs2, 135, 3 },
        { Smiles(35), SmsEncoding.Ucs2, 70, 1 },
        { Smiles(36), SmsEncoding.Ucs2, 72, 2 },
        { Quotes(66) + Smiles(1) + Quotes(66), SmsEncoding.Ucs2, 134, 3 },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_text_is_cut_as_the_networks_cut_it(string text, SmsEncoding encoding, int units, int parts)
        => Assert.Equal(new SmsSegments(encoding, units, parts), SmsSegments.Of(text));

    [Theory]
    [InlineData("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà", SmsEncoding.Gsm7)]
    [InlineData("^{}\\[~]|€\f", SmsEncoding.Gsm7)]
    [InlineData("`", SmsEncoding.Ucs2)]
    [InlineData("\t", SmsEncoding.Ucs2)]
    [InlineData("\u00a0", SmsEncoding.Ucs2)]
    [InlineData("₦", SmsEncoding.Ucs2)]
    public void The_alphabet_decides_the_encoding(string text, SmsEncoding encoding)
        => Assert.Equal(encoding, SmsSegments.Of(text).Encoding);

    [Fact]
    public void A_text_from_a_word_processor_can_be_made_plain()
    {
        var plain = SmsSegments.Simplify("“Don’t wait” – pay\u00a0now…");

        Assert.Equal("\"Don't wait\" - pay now...", plain);
        Assert.Equal(SmsEncoding.Gsm7, SmsSegments.Of(plain).Encoding);
    }

    private static string A(int count) => new('a', count);

    private static string Quotes(int count) => new('’', count);

    private static string Smiles(int count) => string.Concat(Enumerable.Repeat("😀", count));
}
