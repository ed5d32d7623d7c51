using System.Runtime.InteropServices;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>Sleeps to within some microseconds, where <see cref="Thread.Sleep(int)"/> knows whole milliseconds, and burns no core.</summary>
internal static class Pause
{
    private const int SetTimerSlack = 29;

    /// <summary>For the calling thread: the kernel is not to gather its wake-ups with others, by 50 microseconds as it usually may.</summary>
    public static void BePunctual() => _ = ProcessControl(SetTimerSlack, 1, 0, 0, 0);

    public static void Until(long timestamp)
    {
        while (true)
        {
            var left = Clock.Between(Clock.Now, timestamp);
            if (left <= TimeSpan.Zero)
                return;
            var time = new TimeSpec { Seconds = (long)left.TotalSeconds, Nanoseconds = (long)(left.TotalNanoseconds % 1e9) };
            _ = NanoSleep(time, IntPtr.Zero);
        }
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ProcessControl(int option, nint nanoseconds, nint unused3, nint unused4, nint unused5);

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec time, IntPtr remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
