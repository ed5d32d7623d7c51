using System.Globalization;
using System.Net;
using System.Text.Json;
using EasyIsp.Radius.Protocol;

namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>The generator's process: <c>radius-load</c>, then a target as JSON; reads orders, answers each with a report.</summary>
internal static class LoadProgram
{
    public const string Name = "radius-load";

    /// <summary>127.0.2.1, 127.0.2.2, …</summary>
    public static IPAddress AddressOf(int router) => new([127, 0, 2, (byte)(router + 1)]);

    public static string NameOf(int router) => string.Create(CultureInfo.InvariantCulture, $"router{router + 1}");

    public static void Run(string target)
    {
        var settings = JsonSerializer.Deserialize<LoadTarget>(target)!;
        Customer[] customers = [.. Enumerable.Range(0, settings.Customers).Select(number => new Customer(number))];
        RouterSocket[] sockets = [.. Enumerable.Range(0, settings.Routers).Select(router => new RouterSocket(
            new Router(NameOf(router), AddressOf(router), new SharedSecret(Customer.RouterSecret)), settings, router))];
        while (Console.In.ReadLine() is { } line)
        {
            var report = new LoadRun(JsonSerializer.Deserialize<LoadOrder>(line)!, sockets, customers).Run();
            Console.Out.WriteLine(JsonSerializer.Serialize(report));
        }

        foreach (var socket in sockets)
            socket.Dispose();
    }
}
