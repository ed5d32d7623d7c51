using EasyIsp.Core;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Shared.Hosting;
using EasyIsp.Radius;

var builder = WebApplication.CreateBuilder(args);
builder.AddProcessHosting(readyWithoutDatabase: true);
builder.Services.AddCore(builder.Configuration);
builder.Services.AddSecrets(builder.Configuration, makesKeys: false);
builder.Services.AddRadius();

var app = builder.Build();
app.UseAnswerHeaders(_ => "default-src 'none'; frame-ancestors 'none'");
app.MapProcessHealth();
await app.RunAsync();
