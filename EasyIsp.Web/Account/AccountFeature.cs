using EasyIsp.Core.Identity;

namespace EasyIsp.Web.Account;

internal static class AccountFeature
{
    public static IServiceCollection AddAccount(this IServiceCollection services) => services.AddScoped<StaffSignIn>().AddStaffPostWorker();
}
