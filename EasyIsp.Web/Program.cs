using EasyIsp.Core;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared.Hosting;
using EasyIsp.Web;
using EasyIsp.Web.Access;
using EasyIsp.Web.Account;
using EasyIsp.Web.Api;
using EasyIsp.Web.Commands;
using EasyIsp.Web.Jobs;
using EasyIsp.Web.Layout;
using EasyIsp.Web.Payments;
using EasyIsp.Web.Payments.Reconciliation;
using EasyIsp.Web.Platform;
using EasyIsp.Web.Routers;
using EasyIsp.Web.Sessions.Statistics;
using EasyIsp.Web.Vouchers;

if (await CommandLine.RunAsync(args) is { } exitCode)
    return exitCode;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseStaticWebAssets(); // also when it runs unpublished outside Development, as ./easyisp up does
builder.AddProcessHosting();
builder.Services.AddCore(builder.Configuration);
builder.Services.AddSecrets(builder.Configuration, makesKeys: true);
builder.Services.AddConsole();
builder.Services.AddConsoleAccess();
builder.Services.AddAccount();
builder.Services.AddApi();
builder.Services.AddPlatform();
builder.Services.AddRouterPages(builder.Configuration);
builder.Services.AddJobs(builder.Configuration);
builder.Services.AddOutboxWorkers();
builder.Services.AddHotspotWorkers();

var app = builder.Build();
app.UseForwardedHeaders();
app.UseSecurityHeaders();
app.UseErrorPage();
app.UseNotFoundPage();
app.UseApiProblems();
app.UseReadableAddresses();
app.UseAuthentication();
app.UseTenant();
app.UseApiLimits();
app.UseAuthorization();
app.UseAntiforgery();

app.MapProcessHealth();
app.MapConsole<App>();
app.MapAccount();
app.MapPasskeys();
app.MapApi();
app.MapPlatform();
app.MapVouchers();
app.MapPayCodes();
app.MapSuspense();
app.MapRefunds();
app.MapReconciliation();
app.MapMoneySms();
app.MapStatistics();
app.MapJobs();
await app.RunAsync();
return 0;
