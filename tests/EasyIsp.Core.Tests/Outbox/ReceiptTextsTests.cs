using EasyIsp.Core.Outbox;
using EasyIsp.Core.Outbox.Sms;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Outbox;

public sealed class ReceiptTextsTests(PostgresServer server)
{
    [Theory]
    [InlineData("en", "Savanna Net: we received KES 1,050 (SFF6XYZ123). Your Mama's day - fast runs until 2 Mar 18:40. Thank you.")]
    [InlineData("sw", "Savanna Net: tumepokea KES 1,050 (SFF6XYZ123). Mama's day - fast yako ni hadi 2 Mar 18:40. Asante.")]
    public async Task A_receipt_speaks_the_tenants_language_tells_its_time_and_fits_one_sms(string language, string expected)
    {
        await using var world = await World.OpenAsync(server);

        var text = await world.ReadAsync(async db =>
        {
            (await db.Tenants.SingleAsync()).Settle(TenantLocale.Kenya with { Language = language });
            await db.SaveChangesAsync();
            var until = new DateTimeOffset(2026, 3, 2, 15, 40, 0, TimeSpan.Zero);
            return await ReceiptTexts.WriteAsync(db, 1050, "SFF6XYZ123", "Mama’s day – fast", until, CancellationToken.None);
        });

        Assert.Equal(expected, text);
        Assert.Equal((SmsEncoding.Gsm7, 1), (SmsSegments.Of(text).Encoding, SmsSegments.Of(text).Parts));
    }
}
