using EasyIsp.Radius.Listen;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Radius.Tests.Listen;

/// <summary>reference/radius.md, case 6.</summary>
public sealed class ListenerRoleTests
{
    [Fact]
    public void Each_port_takes_its_own_requests_and_status_server_and_no_other_code()
    {
        Assert.Equal([1, 12], AcceptedBy(ListenerRole.Authentication));
        Assert.Equal([4, 12], AcceptedBy(ListenerRole.Accounting));
    }

    private static List<int> AcceptedBy(ListenerRole role)
        => [.. Enumerable.Range(0, 256).Where(code => role.Accepts((PacketCode)code))];
}
