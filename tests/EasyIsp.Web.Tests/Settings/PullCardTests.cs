using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Testing;
using EasyIsp.Web.Settings.Mpesa;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Web.Tests.Settings;

public sealed class PullCardTests(PostgresServer server)
{
    [Fact]
    public async Task How_and_in_which_zone_the_statement_is_pulled_is_chosen_and_kept()
    {
        await using var world = await World.OpenAsync(server);
        await world.AsTenantAsync<PaymentAccounts, OpenAccountOutcome>(accounts => accounts.OpenAsync(
            new NewPaymentAccount("Paybill", "https://daraja.example", "600111", null, "key", "secret", "passkey"), CancellationToken.None));
        var pull = await world.WriteAsync(async db =>
        {
            var of = StatementPull.Of(await db.PaymentAccounts.SingleAsync(), world.Clock.GetUtcNow());
            of.Nominate("0712345678");
            db.StatementPulls.Add(of);
            return of;
        });
        await using var ui = await ConsoleUi.OpenAsync(world, Permission.PaymentAccountsChange);
        var card = ui.Render<PullCard>(parameters => parameters.Add(c => c.AccountId, pull.PaymentAccountId).Add(c => c.Pull, pull));

        await card.InvokeAsync(() => card.FindAll("select")[1].ChangeAsync("GetWithBody"));
        await card.InvokeAsync(() => card.FindAll("select")[0].ChangeAsync(nameof(PullZone.Utc)));
        Assert.Equal("GetWithBody", card.FindAll("select")[1].GetAttribute("value"));
        await card.ClickAsync("button", "Save");

        await Eventually.TrueAsync(() => world.ReadAsync(db => db.StatementPulls.AnyAsync(p => p.ByGet && p.Zone == PullZone.Utc)));
    }
}
