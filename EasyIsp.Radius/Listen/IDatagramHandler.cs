namespace EasyIsp.Radius.Listen;

/// <summary>What stands behind a socket: the authentication or accounting service, a test's echo.</summary>
internal interface IDatagramHandler
{
    /// <summary>
    /// Called on the socket's receiving thread, so it must not block: answer at once, or keep the datagram and answer
    /// later from elsewhere. Either way the handler owns the datagram and disposes of it, answered or not.
    /// </summary>
    void Handle(Datagram datagram);
}
