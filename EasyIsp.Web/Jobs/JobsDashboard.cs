using EasyIsp.Web.Access;
using Hangfire;
using Hangfire.Dashboard;

namespace EasyIsp.Web.Jobs;

/// <summary>Hangfire's own pages, for the super admin alone.</summary>
internal static class JobsDashboard
{
    public static void MapJobs(this IEndpointRouteBuilder endpoints) => endpoints
        .MapHangfireDashboard(JobsFeature.DashboardPath, new DashboardOptions
        {
            Authorization = [new SuperAdminOnly()],
            AppPath = "/platform",
            DashboardTitle = "EasyISP jobs",
        })
        .RequireAuthorization(Policies.SuperAdmin);

    /// <summary>Replaces Hangfire's own rule (local requests only); the policy above has already decided.</summary>
    private sealed class SuperAdminOnly : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => context.GetHttpContext().User.IsSuperAdmin();
    }
}
