using System.Net;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Testing;

/// <summary>Devices that send RADIUS packets without being known, as the RADIUS worker writes them.</summary>
public static class Strangers
{
    public static async Task StrangerAsync(this World world, string address, string? name = null, long logins = 1, long accounting = 0)
    {
        var now = world.Clock.GetUtcNow();
        await using var db = await world.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"""
            insert into unknown_routers (id, address, nas_identifier, login_packets, accounting_packets, first_seen_at, last_seen_at)
            values ({Guid.CreateVersion7(now)}, {IPAddress.Parse(address)}, {name}, {logins}, {accounting}, {now}, {now})
            """);
        await db.CommitAsync(CancellationToken.None);
    }

    /// <summary>The addresses that are kept, in their order.</summary>
    public static async Task<IReadOnlyList<string>> StrangersAsync(this World world)
    {
        await using var db = await world.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None);
        return [.. (await db.UnknownRouters.OrderBy(u => u.Address).Select(u => u.Address).ToListAsync()).Select(address => address.ToString())];
    }
}
