using EasyIsp.Core.Auditing;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.Post;
using EasyIsp.Core.Identity.SecondFactors;
using EasyIsp.Core.Identity.SignIns;
using EasyIsp.Core.Identity.SmsCodes;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Account;

/// <summary>
/// What is left of a deleted person, column by column of the model: a new column of the account, and a new table that belongs
/// to people, fails here until somebody says what becomes of it.
/// </summary>
public sealed class DeletedPersonTests(PostgresServer server) : IAsyncLifetime
{
    private const string Email = "achieng@example.com";
    private const string Phone = "+254712345678";

    /// <summary>Columns of the account that stay, and why.</summary>
    private static readonly Dictionary<string, string> Stays = new(StringComparer.Ordinal)
    {
        [nameof(StaffUser.Id)] = "what the audit and the books name",
        [nameof(StaffUser.DisplayName)] = "what they say of who did it",
        [nameof(StaffUser.CreatedAt)] = "says nothing of the person",
        [nameof(StaffUser.IsSuperAdmin)] = "is never true here: a super admin is not a company's to delete",
        [nameof(StaffUser.LockoutEnabled)] = "a switch that is on for everybody",
    };

    /// <summary>Columns that the deletion sets instead of emptying, and to what.</summary>
    private static readonly Dictionary<string, string> Replaced = new(StringComparer.Ordinal)
    {
        [nameof(StaffUser.Email)] = "an address that cannot exist",
        [nameof(StaffUser.NormalizedEmail)] = "the same",
        [nameof(StaffUser.UserName)] = "the same",
        [nameof(StaffUser.NormalizedUserName)] = "the same",
        [nameof(StaffUser.SecurityStamp)] = "another one: cookies end",
        [nameof(StaffUser.ConcurrencyStamp)] = "another one",
        [nameof(StaffUser.DeletedAt)] = "when",
    };

    private ConsoleHost _host = null!;
    private StaffUser _user = null!;
    private Guid _tenantId;

    public async ValueTask InitializeAsync()
    {
        _host = await ConsoleHost.StartAsync(server);
        _tenantId = await _host.FoundTenantAsync("savanna");
        _user = await _host.HireAsync(Email, StandardRoles.Manager, _tenantId);
        await FurnishAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Every_column_of_the_account_is_wiped_replaced_or_stays_for_a_reason()
    {
        var before = await ColumnsAsync();
        var empty = before.Where(column => IsEmpty(column.Value) && column.Key is not (nameof(StaffUser.DeletedAt) or nameof(StaffUser.IsSuperAdmin))).ToList();
        Assert.True(empty.Count == 0, $"The account of this test has nothing in {string.Join(", ", empty.Select(column => column.Key))}: fill it in {nameof(FurnishAsync)}.");

        await DeleteAsync();

        foreach (var (name, value) in await ColumnsAsync())
        {
            if (Stays.ContainsKey(name))
                Assert.Equal(before[name], value);
            else if (Replaced.ContainsKey(name))
                Assert.NotEqual(before[name], value);
            else
                Assert.True(IsEmpty(value), $"{name} of a deleted person is still {value}: wipe it, or say in this test why it stays.");
        }
    }

    [Fact]
    public async Task Every_table_that_belongs_to_people_has_nothing_of_him()
    {
        await using var db = await AccountsAsync();
        foreach (var table in Tables(db.Model))
            Assert.True(await CountAsync(db, table) > 0, $"The person of this test has no row in {table.GetTableName()}: give him one in {nameof(FurnishAsync)}.");

        await DeleteAsync();

        foreach (var table in Tables(db.Model))
            Assert.True(await CountAsync(db, table) == 0, $"{table.GetTableName()} still has rows of a deleted person.");
    }

    [Fact]
    public async Task His_address_and_his_phone_are_nowhere_in_the_schema_of_staff()
    {
        await DeleteAsync();

        await using var db = await AccountsAsync();
        foreach (var table in db.Model.GetEntityTypes().Where(type => type.GetSchema() == StaffContext.Schema && type.GetTableName() is not null).Select(type => type.GetTableName()!).Distinct())
        {
            foreach (var secret in new[] { Email, Phone })
            {
                var left = await CountAsync(db, table, "t::text ilike '%' || {0} || '%'", secret);
                Assert.True(left == 0, $"{table} still has {secret}.");
            }
        }
    }

    /// <summary>All that a person can have.</summary>
    private async Task FurnishAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var browser = _host.Browser();
        await browser.SignInAsync(Email);
        await browser.SetUpAppAsync(TimeProvider.System.GetUtcNow());

        await using var scope = _host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        var db = scope.ServiceProvider.GetRequiredService<StaffContext>();
        var user = (await users.FindByIdAsync(_user.Id.ToString()))!;
        user.Reach(Phone);
        (user.LockoutEnd, user.AccessFailedCount) = (TimeProvider.System.GetUtcNow(), 2);
        Assert.True((await users.UpdateAsync(user)).Succeeded);
        await scope.ServiceProvider.GetRequiredService<PasskeyDesk>().AddAsync(user, Passkeys.Any(), "Laptop", new Visitor(null, "", []), cancellationToken);
        await users.SetAuthenticationTokenAsync(user, "provider", "name", "value");
        await users.AddClaimAsync(user, new System.Security.Claims.Claim("type", "value"));
        await users.AddLoginAsync(user, new UserLoginInfo("provider", "key", "name"));
        var now = TimeProvider.System.GetUtcNow();
        db.StaffLinks.Add(StaffLink.Make(user.Id, StaffLinkPurpose.Address, Email, now, out _));
        db.SmsCodes.Add(SmsCode.Make(user.Id, SmsCodePurpose.Phone, Phone, _host.Services.GetRequiredService<BlindIndex>(), now, out _));
        db.StaffMails.Add(StaffMail.Of(StaffMailKind.NewDevice, Email, user.Id, "Firefox", null, now));
        db.StaffMails.Add(StaffMail.Of(StaffMailKind.ForgottenPassword, Email.ToUpperInvariant(), userId: null, null, null, now));
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task DeleteAsync()
    {
        var admin = await _host.HireAsync("admin@example.com", StandardRoles.Admin, _tenantId);
        await using var scope = _host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(_tenantId);
        scope.ServiceProvider.GetRequiredService<Actor>().Become(admin.Id, admin.DisplayName, null);
        Assert.Equal(StaffOutcome.Done, await scope.ServiceProvider.GetRequiredService<StaffDesk>().DeleteAsync(_user.Id, CancellationToken.None));
    }

    private async Task<Dictionary<string, object?>> ColumnsAsync()
    {
        await using var db = await AccountsAsync();
        var user = await db.Users.SingleAsync(u => u.Id == _user.Id, TestContext.Current.CancellationToken);
        return db.Entry(user).Properties.ToDictionary(property => property.Metadata.Name, property => property.CurrentValue, StringComparer.Ordinal);
    }

    private static bool IsEmpty(object? value) => value is null or false or 0 or "";

    /// <summary>Those of the schema whose rows name a person.</summary>
    private static IEnumerable<IEntityType> Tables(IModel model) => model.GetEntityTypes()
        .Where(type => type.GetSchema() == StaffContext.Schema && !type.IsOwned() && type.ClrType != typeof(StaffUser))
        .Select(type => type.FindProperty("UserId") is not null
            ? type
            : throw new InvalidOperationException($"{type.GetTableName()} names no person: say in this test whether it holds anything of one."));

    private Task<int> CountAsync(StaffContext db, IEntityType table) => CountAsync(db, table.GetTableName()!, "user_id = {0}", _user.Id);

    private static Task<int> CountAsync(StaffContext db, string table, string condition, object value)
    {
        var sql = $"select count(*)::int as \"Value\" from staff.{table} t where {condition}";
        return db.Database.SqlQueryRaw<int>(sql, value).SingleAsync(TestContext.Current.CancellationToken);
    }

    private Task<StaffContext> AccountsAsync()
        => _host.Services.GetRequiredService<IDbContextFactory<StaffContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
}
