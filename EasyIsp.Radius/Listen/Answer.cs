using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Listen;

/// <summary>What is counted of a reply once it has been sent.</summary>
/// <param name="ArrivedAt">When its request did, in ticks of the listener's <see cref="TimeProvider"/>.</param>
/// <param name="IsRepeated">It had been sent before, to the same request.</param>
internal readonly record struct Answer(PacketCode Code, long ArrivedAt, bool IsRepeated);
