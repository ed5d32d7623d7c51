using EasyIsp.Core.Customers;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tests.Persistence;
using EasyIsp.Testing;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Reports;

/// <summary>
/// What PostgreSQL does, as the app role and under the tenant's policy, to list and search a hundred thousand customers:
/// a page or a search that reads them all fails here.
/// </summary>
public sealed class CustomerListPlanTests(CustomerListPlanTests.BigTenant tenant) : IClassFixture<CustomerListPlanTests.BigTenant>
{
    private const int FewRows = 2_000;

    private static readonly PageOf FirstPage = new(0, 50);

    [Theory]
    [InlineData(CustomerSort.Created, true)]
    [InlineData(CustomerSort.Name, false)]
    [InlineData(CustomerSort.Number, true)]
    public async Task A_page_reads_its_own_rows_alone(CustomerSort sort, bool descending)
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => Rows(db, new CustomerQuery(Sort: sort, Descending: descending, Page: FirstPage)));

        Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
    }

    [Fact]
    public async Task What_a_search_found_is_read_by_its_keys()
    {
        var hits = await tenant.World.ReadAsync(db => CustomerSearch.HitsAsync(db, "home345", CancellationToken.None));
        Assert.Equal(111, hits!.Length);

        var plan = await QueryPlan.OfAsync(tenant.World, db => Rows(db, new CustomerQuery(Page: FirstPage), hits));

        Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
    }

    [Theory]
    [InlineData("712034567")]
    [InlineData("person 34567")]
    [InlineData("home34567")]
    public async Task A_search_looks_into_the_index_of_trigrams(string term)
    {
        var plan = await SearchPlanAsync(term);

        Assert.Contains("ix_customers_tenant_id_search_text", plan);
        Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
    }

    [Fact]
    public async Task The_count_of_all_customers_reads_an_index_and_not_the_customers()
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => CustomerList.Filter(db, new CustomerQuery(), null, tenant.World.Clock.GetUtcNow())
            .GroupBy(_ => 1).Select(group => group.Count()));

        Assert.Contains("Index Only Scan", plan);
        Assert.DoesNotContain("Seq Scan", plan);
    }

    [Fact]
    public async Task Those_about_to_expire_are_found_by_their_end()
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => Rows(db, new CustomerQuery(State: CustomerState.Expiring, Page: FirstPage)));

        Assert.DoesNotContain("Seq Scan on subscriptions", plan);
    }

    private IQueryable<CustomerRowFacts> Rows(IspDbContext db, CustomerQuery query, Guid[]? hits = null)
    {
        var now = tenant.World.Clock.GetUtcNow();
        var customers = CustomerList.Sort(db, CustomerList.Filter(db, query, hits, now), query);
        return CustomerList.Select(db, customers.Skip(query.Page.Skip).Take(query.Page.Take), now);
    }

    /// <summary>The body of the search function, run as the role that owns it: EXPLAIN does not look into functions.</summary>
    private async Task<string> SearchPlanAsync(string term)
    {
        await using var admin = new NpgsqlConnection(tenant.World.Database.Admin);
        await admin.OpenAsync(TestContext.Current.CancellationToken);
        await using var prepare = new NpgsqlCommand(
            $"select set_config('app.tenant_id', '{tenant.World.TenantId}', false); set role easyisp_search", admin);
        await prepare.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var body = new NpgsqlCommand("select prosrc from pg_proc where proname = 'search_customers'", admin);
        var sql = (string)(await body.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await using var command = new NpgsqlCommand(sql.Replace("lower(term)", $"lower('{term}')", StringComparison.Ordinal), admin);
        return await QueryPlan.OfAsync(command);
    }

    /// <summary>A tenant with 100,000 customers, most of whom have a subscription, beside another with as many.</summary>
    public sealed class BigTenant(PostgresServer server) : IAsyncLifetime
    {
        public World World { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            World = await World.OpenAsync(server);
            var package = await World.PackageAsync();
            var other = await World.FoundTenantAsync("mara", "Mara Wireless");
            await using var rows = await BulkRows.BeginAsync(World);
            foreach (var owner in new[] { World.TenantId, other })
                await FillAsync(rows, owner, package, World.Clock.GetUtcNow());
            await rows.ExecuteAsync("vacuum analyze customers, subscriptions, open_sessions");
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();

        private static async Task FillAsync(BulkRows rows, Guid tenant, Guid package, DateTimeOffset now)
        {
            await rows.ExecuteAsync($"""
                insert into customers (tenant_id, id, number, access_type, name, phone, username, created_at)
                select '{tenant}', gen_random_uuid(), 1000 + i, 'Pppoe', 'Person ' || i, '+2547120' || lpad(i::text, 5, '0'), 'home' || i, '{now:O}'
                from generate_series(1, 100000) i
                """);
            await rows.ExecuteAsync($"""
                insert into subscriptions (tenant_id, id, customer_id, package_id, starts_at, ends_at)
                select tenant_id, gen_random_uuid(), id, '{package}', '{now:O}'::timestamptz - (number % 60) * interval '1 day',
                  '{now:O}'::timestamptz - (number % 60) * interval '1 day' + interval '30 days'
                from customers where tenant_id = '{tenant}' and number % 5 > 0
                """);
        }
    }
}
