using System.Net;

namespace EasyIsp.Core.Auditing;

/// <summary>Who acts in the present scope. Until somebody is named, it is the system itself.</summary>
public sealed class Actor
{
    public Guid? UserId { get; private set; }
    public string Name { get; private set; } = "EasyISP";
    public IPAddress? Address { get; private set; }

    public void Become(Guid? userId, string name, IPAddress? address) => (UserId, Name, Address) = (userId, name, address);
}
