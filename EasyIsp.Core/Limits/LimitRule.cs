using System.Net;

namespace EasyIsp.Core.Limits;

/// <summary>Something that may be done so often, by its name: the one that settings, figures, the log and the audit know it by.</summary>
public abstract record LimitRule(string Name)
{
    public LimitKey Of(Guid id) => LimitKey.Of(this, id.ToString("N"));

    /// <summary>A hardware address, a phone number, an e-mail address, spelled as the product spells it. None of them is kept as it is.</summary>
    public LimitKey Of(string text) => LimitKey.Of(this, text);

    /// <summary>IPv6 by its first 64 bits: so much one household has, and may choose among (RFC 6177).</summary>
    public LimitKey Of(IPAddress? address) => LimitKey.Of(this, NetworkOf.Address(address), isAddress: true);

    /// <summary>The same for a device, a router or an address of each company alone.</summary>
    public LimitKey Of(Guid tenantId, string text) => LimitKey.Of(this, $"{tenantId:N} {text}");

    public LimitKey Of(Guid tenantId, IPAddress? address) => LimitKey.Of(this, NetworkOf.Address(address), isAddress: true, tenantId);
}

/// <summary>So many tries at once, and then one each part of the window: after a window without any, all of them again.</summary>
public sealed record TryRule(string Name, int Tries, TimeSpan Window) : LimitRule(Name)
{
    /// <summary>After so long one more try is good. In whole microseconds, as the database counts.</summary>
    internal TimeSpan Step => TimeSpan.FromMicroseconds(Math.Max(1, Window.Ticks / TimeSpan.TicksPerMicrosecond / Tries));
}

/// <summary>A pause after too many failures that doubles with each further one.</summary>
/// <param name="Free">Failures that cost nothing: people mistype.</param>
/// <param name="First">The pause after one more.</param>
/// <param name="Forgotten">After so long without a failure all is as if there had been none.</param>
/// <param name="AlarmAt">With so many failures somebody should look; said once, until they are forgotten.</param>
public sealed record PauseRule(string Name, int Free, TimeSpan First, TimeSpan Longest, TimeSpan Forgotten, int AlarmAt) : LimitRule(Name)
{
    internal TimeSpan PauseAfter(int failures)
    {
        var pause = First * Math.Pow(2, Math.Min(failures - Free - 1, 30));
        return pause < Longest ? pause : Longest;
    }
}
