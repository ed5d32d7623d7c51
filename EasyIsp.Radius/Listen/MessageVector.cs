using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// Datagrams that one system call receives or sends: Linux's recvmmsg(2) and sendmmsg(2). A system call for each of them,
/// and a wake-up for each answer, were more than half of what a login costs.
/// </summary>
internal sealed class MessageVector
{
    private const int NameSize = 128; // sockaddr_storage
    private const int WaitForOne = 0x10000;
    private const int Interrupted = 4;

    private readonly Message[] _messages;
    private readonly Part[] _parts;
    private readonly byte[] _names;

    public MessageVector(int count)
    {
        _messages = new Message[count];
        _parts = GC.AllocateArray<Part>(count, pinned: true);
        _names = GC.AllocateArray<byte>(count * NameSize, pinned: true);
        for (var i = 0; i < count; i++)
        {
            _messages[i].Header = new Header
            {
                Name = Marshal.UnsafeAddrOfPinnedArrayElement(_names, i * NameSize),
                Parts = Marshal.UnsafeAddrOfPinnedArrayElement(_parts, i),
                PartCount = 1,
            };
        }
    }

    /// <param name="buffer">Pinned, and kept for as long as it is used here.</param>
    public void SetBuffer(int index, byte[] buffer, int offset, int length)
        => _parts[index] = new Part { Address = Marshal.UnsafeAddrOfPinnedArrayElement(buffer, offset), Length = length };

    public void SetName(int index, ReadOnlySpan<byte> name)
    {
        name.CopyTo(_names.AsSpan(index * NameSize, NameSize));
        _messages[index].Header.NameLength = (uint)name.Length;
    }

    public ReadOnlySpan<byte> NameOf(int index) => _names.AsSpan(index * NameSize, (int)_messages[index].Header.NameLength);

    public int LengthOf(int index) => (int)_messages[index].Length;

    /// <summary>Waits until there is one, and takes what has arrived besides.</summary>
    /// <returns>How many were received.</returns>
    /// <exception cref="SocketException">None could be.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Receive(SafeSocketHandle socket)
    {
        for (var i = 0; i < _messages.Length; i++)
            _messages[i].Header.NameLength = NameSize;
        while (true)
        {
            var received = Receive(socket, ref _messages[0], (uint)_messages.Length, WaitForOne, IntPtr.Zero);
            if (received >= 0)
                return received;
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
                throw new SocketException((int)SocketError.SocketError, $"recvmmsg: errno {error}");
        }
    }

    /// <returns>How many of them were sent, from the first on.</returns>
    /// <exception cref="SocketException">Not even that one could be.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Send(SafeSocketHandle socket, int from, int count)
    {
        while (true)
        {
            var sent = Send(socket, ref _messages[from], (uint)count, 0);
            if (sent >= 0)
                return sent;
            if (Marshal.GetLastPInvokeError() is not Interrupted and var error)
                throw new SocketException((int)SocketError.SocketError, $"sendmmsg: errno {error}");
        }
    }

    [DllImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Receive(SafeSocketHandle socket, ref Message first, uint count, int flags, IntPtr timeout);

    [DllImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(SafeSocketHandle socket, ref Message first, uint count, int flags);

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public Header Header;
        public uint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public nint Name;
        public uint NameLength;
        public nint Parts;
        public nint PartCount;
        public nint Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public nint Address;
        public nint Length;
    }
}
