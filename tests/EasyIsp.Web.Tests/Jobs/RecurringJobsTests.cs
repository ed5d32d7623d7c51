using EasyIsp.Web.Jobs;
using Xunit;

namespace EasyIsp.Web.Tests.Jobs;

public sealed class RecurringJobsTests
{
    [Fact]
    public void What_runs_out_is_looked_for_every_quarter_minute_and_silent_sessions_every_minute()
    {
        var schedules = RecurringJobs.All.ToDictionary(job => job.Name, job => job.Schedule);

        Assert.Equal("*/15 * * * * *", schedules["expiry"]);
        Assert.Equal("* * * * *", schedules["stale-sessions"]);
    }
}
