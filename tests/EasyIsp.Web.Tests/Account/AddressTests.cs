using EasyIsp.Core.Identity;
using EasyIsp.Core.Tests.Mail;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

public sealed class AddressTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "wanjiku@example.com";
    private const string Other = "kamau@example.com";
    private const string Question = "Is this your address for EasyISP?";

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private SmtpServer _mail = null!;
    private ConsoleHost _host = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _mail = await SmtpServer.StartAsync();
        _host = await ConsoleHost.StartAsync(server, settings: _mail.Settings(), clock: _clock);
        _tenantId = await _host.FoundTenantAsync("savanna");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_handed_a_password_gets_in_when_the_mailbox_has_answered()
    {
        await _host.RegisterAsync(Email, isSuperAdmin: true, isVerified: false);
        using var browser = _host.Browser();

        Assert.Equal("/account/verify", (await browser.SignInAsync(Email)).LocationPath());
        Assert.True((await browser.OpenAsync("/platform")).IsRedirect());
        var link = AccountSteps.LinkIn(await _mail.MailAsync(Question));
        Assert.Contains(Email, await browser.ReadAsync(link));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("/account/verify", (await browser.SignInAsync(Email)).LocationPath());
        link = AccountSteps.LinkIn(await _mail.MailAsync(Question, count: 2));

        Assert.Equal("/account/sign-in?done=address", (await browser.VerifyAsync(link)).LocationPath());
        Assert.Contains("good no more", await browser.ReadAsync(link));
        Assert.Equal("/platform", (await browser.SignInAsync(Email)).LocationPath());
        Assert.Equal(["staff.verify-address"], await _host.DeedsAsync(Guid.Empty));
    }

    [Fact]
    public async Task A_link_that_came_by_mail_verifies_and_one_that_was_handed_over_does_not()
    {
        var user = await _host.HireAsync(Email, StandardRoles.Support, _tenantId);
        await using (var db = await AccountsAsync())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.EmailConfirmed, false), TestContext.Current.CancellationToken);
            db.StaffLinks.Add(StaffLink.Make(user.Id, StaffLinkPurpose.NewPassword, address: null, _clock.GetUtcNow(), out var handed));
            db.StaffLinks.Add(StaffLink.Make(user.Id, StaffLinkPurpose.Invitation, Email, _clock.GetUtcNow(), out _));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            using var browser = _host.Browser();
            await browser.SetPasswordAsync($"/account/new-password?key={handed}", "green goat climbing");
        }

        Assert.False(await IsVerifiedAsync(user.Id));
        await using (var db = await AccountsAsync())
        {
            db.StaffLinks.Add(StaffLink.Make(user.Id, StaffLinkPurpose.NewPassword, Email, _clock.GetUtcNow(), out var mailed));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            using var browser = _host.Browser();
            await browser.SetPasswordAsync($"/account/new-password?key={mailed}", "purple cow swimming");
        }

        Assert.True(await IsVerifiedAsync(user.Id));
    }

    [Fact]
    public async Task A_stranger_whose_mailbox_was_mistyped_gets_no_link_for_a_new_password()
    {
        await _host.RegisterAsync(Email, isSuperAdmin: true, isVerified: false);
        using var browser = _host.Browser();

        await browser.SubmitAsync("/account/forgot-password", "forgot-password", ("Form.Email", Email));

        await Eventually.TrueAsync(async () =>
        {
            await using var db = await AccountsAsync();
            return await db.StaffMails.AnyAsync(m => m.NextTryAt == null, TestContext.Current.CancellationToken);
        });
        Assert.Empty(_mail.Mails);
    }

    [Fact]
    public async Task Another_address_counts_once_its_mailbox_has_answered_and_the_old_one_is_told()
    {
        var user = await _host.HireAsync(Email, StandardRoles.Support, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);

        Assert.Contains("The password is not right", await (await ChangeAsync(browser, Other, "not the password")).TextAsync());
        Assert.Contains("Enter another e-mail address", await (await ChangeAsync(browser, Email)).TextAsync());
        Assert.Equal("/account?done=address-asked", (await ChangeAsync(browser, Other)).LocationPath());
        var mail = await _mail.MailAsync(Question);
        Assert.Equal(Other, mail.To.ToString());
        Assert.Equal(Email, await AddressAsync(user.Id));

        using var elsewhere = _host.Browser();
        Assert.Equal("/account/sign-in?done=address", (await elsewhere.VerifyAsync(AccountSteps.LinkIn(mail))).LocationPath());

        Assert.Equal(Other, await AddressAsync(user.Id));
        Assert.Equal(Email, (await _mail.MailAsync("Your EasyISP account has another address now")).To.ToString());
        Assert.Equal("/", (await elsewhere.SignInAsync(Other)).LocationPath());
        using var late = _host.Browser();
        Assert.Contains("is not right", await (await late.SignInAsync(Email)).TextAsync());
        Assert.Equal(["staff.change-address"], await _host.DeedsAsync(_tenantId));
    }

    [Fact]
    public async Task An_address_that_is_another_accounts_is_asked_for_in_the_same_words_and_never_taken()
    {
        var user = await _host.HireAsync(Email, StandardRoles.Support, _tenantId);
        await _host.HireAsync(Other, StandardRoles.Support, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);

        Assert.Equal("/account?done=address-asked", (await ChangeAsync(browser, Other)).LocationPath());
        await Eventually.TrueAsync(async () =>
        {
            await using var db = await AccountsAsync();
            return await db.StaffMails.AnyAsync(m => m.NextTryAt == null, TestContext.Current.CancellationToken);
        });
        Assert.Empty(_mail.Mails);

        await using (var db = await AccountsAsync())
        {
            db.StaffLinks.Add(StaffLink.Make(user.Id, StaffLinkPurpose.Address, Other, _clock.GetUtcNow(), out var key));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            Assert.Contains("good no more", await browser.ReadAsync($"/account/address?key={key}"));
        }
    }

    [Fact]
    public async Task A_person_changes_the_name_and_open_pages_hear_of_it()
    {
        await _host.HireAsync(Email, StandardRoles.Support, _tenantId);
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);

        Assert.Contains("Enter your name", await (await browser.SubmitAsync("/account", "rename", ("Name.Name", "  "))).TextAsync());
        Assert.Equal("/account?done=name", (await browser.SubmitAsync("/account", "rename", ("Name.Name", "Wanjiku Kamau-Otieno"))).LocationPath());

        Assert.Contains("Wanjiku Kamau-Otieno", await browser.ReadAsync("/account"));
        Assert.Equal(["staff.rename"], await _host.DeedsAsync(_tenantId));
    }

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient browser, string address, string password = ConsoleHost.Password)
        => browser.SubmitAsync("/account", "change-address", ("Address.Email", address), ("Address.Password", password));

    private async Task<string?> AddressAsync(Guid userId)
    {
        await using var db = await AccountsAsync();
        return await db.Users.Where(u => u.Id == userId).Select(u => u.Email).SingleAsync(TestContext.Current.CancellationToken);
    }

    private async Task<bool> IsVerifiedAsync(Guid userId)
    {
        await using var db = await AccountsAsync();
        return await db.Users.Where(u => u.Id == userId).Select(u => u.EmailConfirmed).SingleAsync(TestContext.Current.CancellationToken);
    }

    private Task<StaffContext> AccountsAsync()
        => _host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
}
