using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Protocol;

/// <summary>reference/radius.md, case 9: what a client typed is shown, not interpreted.</summary>
public sealed class OpaqueTextTests
{
    [Theory]
    [InlineData("616c69", "ali")]
    [InlineData("c3bc20e29c93", "ü ✓")]
    [InlineData("610062", @"a\x00b")]
    [InlineData("0d0a4661696c6564", @"\x0D\x0AFailed")]
    [InlineData("ff61c3", @"\xFFa\xC3")]
    [InlineData("27225c", @"\x27\x22\x5C")]
    [InlineData("e280ae", @"\xE2\x80\xAE")] // right-to-left override
    [InlineData("257b557365722d4e616d657d", "%{User-Name}")]
    [InlineData("2e2e2f", "../")]
    public void Octets_are_escaped_for_people(string hex, string expected)
        => Assert.Equal(expected, OpaqueText.Escape(Wire.Hex(hex)));

    [Theory]
    [InlineData("4d696b726f54696b", "MikroTik")]
    [InlineData("4b616d61752773206d617374", "Kamau's mast")]
    [InlineData("684150206163c2b2", "hAP ac²")]
    [InlineData("f09f93a1f09f93a1f09f93a1", "📡📡📡")]
    [InlineData("f09f93a1f09f93a1f09f93a1f09f93a1f09f93a1", "📡📡📡📡")] // cut between characters, not within one
    [InlineData("2020", null)]
    [InlineData("", null)]
    [InlineData("610062", null)]
    [InlineData("610a62", null)]
    [InlineData("ff61c3", null)]
    [InlineData("61e280ae62", null)] // right-to-left override
    [InlineData("61e2808b62", null)] // zero-width space
    public void A_name_from_the_wire_is_shown_when_all_of_it_can_be_seen(string hex, string? expected)
        => Assert.Equal(expected, OpaqueText.Printable(Wire.Hex(hex), maxLength: hex.StartsWith("f09f", StringComparison.Ordinal) ? 9 : 20));
}
