using System.Diagnostics;
using Xunit;

namespace EasyIsp.Web.Tests;

/// <summary>For what the database announces: it comes soon, but not at once.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "It did not come true within 15 seconds.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
