using EasyIsp.Core;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared.Hosting;
using EasyIsp.Portal.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddProcessHosting();
builder.Services.AddCore(builder.Configuration);
builder.Services.AddSecrets(builder.Configuration, makesKeys: false);
builder.Services.AddPaymentsWorkers();
builder.Services.AddPortal();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 2 * ProviderMessage.MaxBodyBytes);

var app = builder.Build();
app.UsePortal();
app.MapProcessHealth();
await app.RunAsync();
