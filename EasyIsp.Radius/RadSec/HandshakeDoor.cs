using System.Net;

namespace EasyIsp.Radius.RadSec;

/// <summary>How many handshakes may be under way at once, in all and from one address. Who does not finish costs others nothing.</summary>
internal sealed class HandshakeDoor(int places, int placesOfOneAddress)
{
    private readonly Lock _counting = new();
    private readonly Dictionary<IPAddress, int> _inside = [];
    private int _count;

    public bool TryEnter(IPAddress address)
    {
        lock (_counting)
        {
            var theirs = _inside.GetValueOrDefault(address);
            if (_count >= places || theirs >= placesOfOneAddress)
                return false;

            _inside[address] = theirs + 1;
            _count++;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_counting)
        {
            _count--;
            if (--_inside[address] == 0)
                _inside.Remove(address);
        }
    }
}
