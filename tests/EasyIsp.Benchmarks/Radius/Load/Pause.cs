using System.Runtime.InteropServices;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>Sleeps to within a tenth of a millisecond, where <see cref="Thread.Sleep(int)"/> knows whole ones, and burns no core.</summary>
internal static class Pause
{
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
