using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Providers;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

public sealed class CredentialsCheckTests
{
    [Fact]
    public async Task A_check_asks_in_any_case_and_its_token_is_used_from_then_on()
    {
        await using var world = await DarajaWorld.OpenAsync();
        await world.AcceptedAsync("254712345610");

        Assert.IsType<CredentialsCheck.Works>(await CheckAsync(world, world.Credentials));
        await world.AcceptedAsync("254712345611");

        Assert.Equal(2, world.Emulator.Tokens.Issued);
    }

    [Fact]
    public async Task A_wrong_secret_is_found_out_although_a_token_is_still_fresh()
    {
        await using var world = await DarajaWorld.OpenAsync();
        await world.AcceptedAsync("254712345610");

        var check = await CheckAsync(world, world.Credentials with { ConsumerSecret = "wrong" });

        Assert.DoesNotContain("wrong", Assert.IsType<CredentialsCheck.Refused>(check).Message);
    }

    [Fact]
    public async Task An_address_where_nobody_answers_is_not_reached()
    {
        await using var world = await DarajaWorld.OpenAsync();

        var check = await CheckAsync(world, world.Credentials with { BaseUrl = new Uri("http://127.0.0.1:1") });

        Assert.IsType<CredentialsCheck.NotReached>(check);
    }

    private static Task<CredentialsCheck> CheckAsync(DarajaWorld world, DarajaCredentials credentials)
        => world.Client.CheckCredentialsAsync(credentials, TestContext.Current.CancellationToken);
}
