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
}
