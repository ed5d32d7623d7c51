using EasyIsp.Emulators.Routers;

namespace EasyIsp.Emulators.Demonstration.Shoppers;

/// <summary>
/// Somebody who lives near a hotspot. His numbers are 0798 000300 to 0798 999899: no home customer of the demonstration
/// has one of these, and nothing tells a tester to type one.
/// </summary>
internal sealed record Passerby(int Number)
{
    public const int MaxCrowd = 1_000;

    /// <summary>As he types it. The end decides how he pays (mpesa.md, 3.11): four of twenty do not.</summary>
    public string Phone => $"0798 {Number:000}{Ending:000}";

    /// <summary>Locally administered, as phones that hide their own have it; the same each time, as on one network it is.</summary>
    public string Mac(int seed)
    {
        var bytes = new byte[6];
        new Random(HashOf(seed)).NextBytes(bytes);
        return EmulatedRouter.MacFrom(bytes);
    }

    private int Ending => (Number % 20) switch
    {
        3 or 11 => 32, // cancels
        7 => 1, // has too little money
        16 => 37, // does not answer
        _ => 300 + (Number % 600),
    };

    private int HashOf(int seed) => unchecked((seed * 7_919) + Number);
}
