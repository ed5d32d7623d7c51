using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace EasyIsp.Benchmarks.Codec;

/// <summary>The codec's micro-benchmarks, in this very process: a project that BenchmarkDotNet makes for itself would not build under this repository's rules.</summary>
internal static class CodecRun
{
    public static void Run(bool isQuick)
    {
        var job = (isQuick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        BenchmarkRunner.Run<CodecBenchmark>(DefaultConfig.Instance.AddJob(job));
    }
}
