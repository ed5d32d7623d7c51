using System.Net.Sockets;
using EasyIsp.Core.Orders;
using EasyIsp.Radius.Protocol;
using EasyIsp.Radius.Routers;

namespace EasyIsp.Radius.Orders;

/// <summary>Asks a router something for an order, and sees to what asking takes whatever it is about.</summary>
internal sealed class RouterTalk(OrderMetrics metrics, TimeProvider clock)
{
    /// <param name="nas">Null where we do not know the router any more.</param>
    public async Task<CoaAnswer> AskAsync(NetworkOrder order, Nas? nas, RouterDoor.Place place, Func<Nas, Task<CoaAnswer>> ask)
    {
        if (nas is null)
            return new CoaAnswer.NotSent("the router is archived, or its secret cannot be read");

        metrics.Leaves(order, clock.GetUtcNow());
        var answer = await SendAsync(nas, ask);
        place.Heard(answer);
        return answer;
    }

    /// <summary>Why nothing came of asking, in words for staff.</summary>
    public static string WhyNot(CoaAnswer answer) => answer is CoaAnswer.NotSent notSent
        ? notSent.Why
        : "the router did not answer: it is away, takes no orders, or has another secret";

    private static async Task<CoaAnswer> SendAsync(Nas nas, Func<Nas, Task<CoaAnswer>> ask)
    {
        try
        {
            return await ask(nas);
        }
        catch (SocketException exception)
        {
            return new CoaAnswer.NotSent($"the order could not be sent: {exception.SocketErrorCode}");
        }
        catch (PacketOverflowException)
        {
            return new CoaAnswer.NotSent("the session's user name cannot be told to the router");
        }
    }
}
