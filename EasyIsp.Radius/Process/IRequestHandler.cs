using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Process;

/// <summary>What is done with the packets of one code.</summary>
internal interface IRequestHandler
{
    PacketCode Code { get; }

    /// <summary>Runs on the receiving thread until it first awaits, so it must not block; ends the exchange.</summary>
    Task HandleAsync(Exchange exchange, CancellationToken cancellationToken);
}
