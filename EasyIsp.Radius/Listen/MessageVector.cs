using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EasyIsp.Radius.Listen;

/// <summary>
/// Datagrams that one system call receives or sends: Linux's recvmmsg(2) and sendmmsg(2). A system call for each of them,
/// and a wake-up for each answer, were more than half of what a login costs. Parts of one length to one receiver may be one
/// datagram on their way through the system, which cuts it at the end (UDP_SEGMENT, udp(7)): eight answers to one router cost
/// as much as two.
/// </summary>
internal sealed class MessageVector
{
    private const int NameSize = 128; // sockaddr_storage
    private const int WaitForOne = 0x10000;
    private const int Interrupted = 4;
    private const int OfUdp = 17; // SOL_UDP
    private const int Segment = 103; // UDP_SEGMENT

    private readonly Message[] _messages;
    private readonly Part[] _parts;
    private readonly byte[] _names;
    private readonly SegmentControl[] _controls;

    public MessageVector(int count)
    {
        _messages = new Message[count];
        _parts = GC.AllocateArray<Part>(count, pinned: true);
        _names = GC.AllocateArray<byte>(count * NameSize, pinned: true);
        _controls = GC.AllocateArray<SegmentControl>(count, pinned: true);
        Array.Fill(_controls, new SegmentControl { Length = SegmentControl.Used, Level = OfUdp, Type = Segment });
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

    /// <summary>Whether the system cuts datagrams for this socket (Linux 4.18).</summary>
    public static bool CanCut(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
            return false;

        try
        {
            Span<byte> length = stackalloc byte[sizeof(int)];
            socket.GetRawSocketOption(OfUdp, Segment, length);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <param name="buffer">Pinned, and kept for as long as it is used here.</param>
    public void SetBuffer(int index, byte[] buffer, int offset, int length)
        => _parts[index] = new Part { Address = Marshal.UnsafeAddrOfPinnedArrayElement(buffer, offset), Length = length };

    /// <summary>What is sent: one or more of the parts, in their order.</summary>
    /// <param name="segment">Octets that each of several parts has; the last may have fewer.</param>
    public void SetMessage(int index, ReadOnlySpan<byte> name, int firstPart, int parts, int segment)
    {
        name.CopyTo(_names.AsSpan(index * NameSize, NameSize));
        ref var header = ref _messages[index].Header;
        header.NameLength = (uint)name.Length;
        header.Parts = Marshal.UnsafeAddrOfPinnedArrayElement(_parts, firstPart);
        header.PartCount = parts;
        _controls[index].Octets = (ushort)segment;
        (header.Control, header.ControlLength) = parts > 1
            ? (Marshal.UnsafeAddrOfPinnedArrayElement(_controls, index), Unsafe.SizeOf<SegmentControl>())
            : (0, 0);
    }

    public int PartsOf(int index) => (int)_messages[index].Header.PartCount;

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

    /// <param name="error">Of the first, where not even that could be sent: its errno.</param>
    /// <returns>How many of them were sent, from the first on.</returns>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Send(SafeSocketHandle socket, int from, int count, out int error)
    {
        while (true)
        {
            var sent = Send(socket, ref _messages[from], (uint)count, 0);
            error = sent >= 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error is not Interrupted)
                return Math.Max(0, sent);
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

    /// <summary>struct cmsghdr with the length of a segment, and what aligns it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct SegmentControl
    {
        public const int Used = 16 + sizeof(ushort);

        public nint Length;
        public int Level;
        public int Type;
        public ushort Octets;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public nint Address;
        public nint Length;
    }
}
