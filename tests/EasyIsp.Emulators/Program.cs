using EasyIsp.Emulators.Control;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Demonstration;
using EasyIsp.Emulators.Demonstration.Shoppers;
using EasyIsp.Emulators.Forwarding;
using EasyIsp.Emulators.Paystack;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Sms;
using Microsoft.Extensions.Options;

var builder = WebApplication.CreateBuilder(args);
if (args is ["seed"])
{
    foreach (var signIn in await DemoServices.SeedAsync(builder.Configuration, CancellationToken.None))
        await Console.Out.WriteLineAsync($"sign-in: {signIn.Role} {signIn.Email} {signIn.Password}");
    return;
}

// A customer who cancels and buys again at once is what a demonstration is for. It may run for weeks.
var daraja = new DarajaEmulatorOptions { SameAmount = SameAmountRule.SincePayment, Memory = TimeSpan.FromDays(1) };
var sms = new SmsEmulatorOptions();
var network = new EmulatedRoutersOptions();
var (homes, phone) = await DemoServices.ReadAsync(builder.Configuration, daraja, sms, network);

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddDarajaEmulator(daraja);
builder.Services.AddSmsEmulator(sms);
builder.Services.AddPaystackEmulator();
builder.Services.AddRouters(builder.Configuration);
builder.Services.AddSingleton(Options.Create(network));
builder.Services.AddShoppers(builder.Configuration);
builder.Services.AddHomePayers(builder.Configuration, homes);
builder.Services.AddSingleton(Options.Create(phone));
builder.Services.AddHostedService<OwnersPhone>();
builder.Services.AddHealthChecks();

var app = builder.Build();
app.Services.GetRequiredService<PaystackEmulator>().Businesses.Add(new PaystackBusiness("sk_test_demo"));
app.MapHealthChecks("/health");
app.MapHealthChecks("/health/live");
app.MapHealthChecks("/health/ready");
app.MapDarajaEmulator();
app.MapSmsEmulator();
app.MapPaystackEmulator();
app.MapControlPage();
app.MapShoppers();

await app.RunAsync();

/// <summary>Internal, so that tests which host a process of the product mean that one by <c>Program</c>.</summary>
internal sealed partial class Program;
