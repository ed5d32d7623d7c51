using EasyIsp.Core.Payments;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tests.Persistence;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>
/// What PostgreSQL does, as the app role and under the tenant's policy, to list a hundred thousand payment requests and
/// thirty thousand payments that nobody was asked for: a page or a search that reads them all fails here.
/// </summary>
public sealed class PaymentListPlanTests(PaymentListPlanTests.BusyTenant tenant) : IClassFixture<PaymentListPlanTests.BusyTenant>
{
    private const int FewRows = 2_000;

    /// <summary>Of the world's clock.</summary>
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly PaymentQuery Newest = new(new PageOf(0, 25));

    public static TheoryData<PaymentQuery> Pages { get; } =
    [
        Newest,
        Newest with { State = PaymentFilter.Paid },
        Newest with { State = PaymentFilter.NotPaid },
        Newest with { State = PaymentFilter.Waiting },
        Newest with { State = PaymentFilter.Unmatched },
        Newest with { Way = PaymentWay.Prompt },
        Newest with { Way = PaymentWay.ByThemselves },
        Newest with { Way = PaymentWay.Staff },
        Newest with { State = PaymentFilter.Reversed },
        Newest with { Page = new PageOf(4, 25) },
        Newest with { Descending = false },
        Newest with { Sort = PaymentSort.Amount },
        Newest with { Sort = PaymentSort.Amount, Descending = false },
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_reads_its_own_rows_alone(PaymentQuery query) => await AssertReadsFewAsync(query, null);

    [Theory]
    [InlineData("RC0012345", 1)]
    [InlineData("OWN001234", 1)]
    [InlineData("9001", 10)]
    [InlineData("slip-0012", 1)]
    [InlineData("rc00123", 70)]
    [InlineData("Person 345", 60)]
    [InlineData("0712003456", 10)]
    public async Task What_a_search_found_is_read_by_its_keys(string term, int requests)
    {
        var hits = await tenant.World.ReadAsync(db => PaymentList.HitsAsync(db, term, CancellationToken.None));
        Assert.InRange(hits!.Requests.Length + hits.Deposits.Length + (hits.Customers.Length * 10), requests, FewRows);

        await AssertReadsFewAsync(Newest, hits);
    }

    [Fact]
    public async Task A_receipt_is_found_in_its_index()
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => Receipts.Beginning(db, "RC00123")!);

        Assert.Contains("ix_payments_tenant_id_receipt", plan);
        Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
    }

    [Theory]
    [InlineData(DepositFilter.Waiting, null)]
    [InlineData(DepositFilter.Waiting, "JANE 900")]
    [InlineData(DepositFilter.Placed, null)]
    [InlineData(DepositFilter.Placed, "Person 345")]
    [InlineData(DepositFilter.All, "OWN001234")]
    public async Task Suspense_reads_its_own_rows_alone(DepositFilter state, string? term)
    {
        var query = new DepositQuery(term, state);
        var plan = await tenant.World.ReadAsync(async db =>
        {
            var narrowed = await SuspenseList.NarrowAsync(db, query, CancellationToken.None);
            await using var command = (NpgsqlCommand)SuspenseList.Project(db, SuspenseList.Sort(narrowed, query).Take(25)).CreateDbCommand();
            return await QueryPlan.OfAsync(command);
        });

        Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
    }

    public static TheoryData<ReceivedQuery> Stretches { get; } =
    [
        new ReceivedQuery(),
        new ReceivedQuery(Standing: PaymentStanding.Booked),
        new ReceivedQuery(Standing: PaymentStanding.Suspense),
        new ReceivedQuery(Standing: PaymentStanding.Refunded),
        new ReceivedQuery(Standing: PaymentStanding.Reversed),
        new ReceivedQuery(Standing: PaymentStanding.Same),
        new ReceivedQuery(Rail: Rail.Cash),
        new ReceivedQuery(AccountId: Guid.AllBitsSet),
        new ReceivedQuery(CustomerId: Guid.AllBitsSet),
        new ReceivedQuery(From: Now.AddMinutes(-20), Until: Now.AddMinutes(-10)),
        new ReceivedQuery("RC00123"),
        new ReceivedQuery("slip-0012"),
        new ReceivedQuery("JANE 900", PaymentStanding.Suspense),
    ];

    [Theory]
    [MemberData(nameof(Stretches))]
    public async Task A_stretch_for_programs_reads_its_own_rows_alone(ReceivedQuery query)
    {
        var last = await tenant.World.ReadAsync(db => ReceivedPayments.Sort(db.Payments).Skip(5_000).Select(p => p.Id).FirstAsync());
        foreach (var behind in new Guid?[] { null, last })
        {
            var plan = await tenant.World.ReadAsync(async db =>
            {
                var payments = await ReceivedPayments.BehindAsync(db, await ReceivedPayments.NarrowAsync(db, query, CancellationToken.None), behind, CancellationToken.None);
                await using var command = (NpgsqlCommand)ReceivedPayments.Project(db, ReceivedPayments.Sort(payments!).Take(51)).CreateDbCommand();
                return await QueryPlan.OfAsync(command);
            });

            Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
        }
    }

    private async Task AssertReadsFewAsync(PaymentQuery query, PaymentHits? hits)
    {
        var plan = await QueryPlan.OfAsync(tenant.World, db => PaymentList.Rows(db, query, hits));

        Assert.True(QueryPlan.MostRowsRead(plan) < FewRows, plan);
    }

    /// <summary>
    /// A tenant with 10,000 customers who were asked to pay ten times each and paid three times by themselves, and some
    /// at the office, beside another with as many. Of a hundred of their own payments one waits in suspense.
    /// </summary>
    public sealed class BusyTenant(PostgresServer server) : IAsyncLifetime
    {
        public World World { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            World = await World.OpenAsync(server);
            var other = await World.FoundTenantAsync("mara", "Mara Wireless");
            await using var rows = await BulkRows.BeginAsync(World);
            foreach (var owner in new[] { World.TenantId, other })
                await FillAsync(rows, owner, World.Clock.GetUtcNow());
            await rows.ExecuteAsync("vacuum analyze customers, payment_requests, payments");
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();

        /// <summary>Seven in ten pay, a few are still thinking, the others do not.</summary>
        private static async Task FillAsync(BulkRows rows, Guid tenant, DateTimeOffset now)
        {
            await rows.ExecuteAsync($"""
                insert into customers (tenant_id, id, number, access_type, name, phone, username, created_at)
                select '{tenant}', gen_random_uuid(), 1000 + i, 'Hotspot', 'Person ' || i, '+25471200' || lpad(i::text, 4, '0'), 'c' || i, '{now:O}'
                from generate_series(0, 9999) i
                """);
            await rows.ExecuteAsync($"""
                insert into payment_requests (tenant_id, id, payment_account_id, customer_id, amount, phone, state, created_at, queries)
                select tenant_id, gen_random_uuid(), gen_random_uuid(), id, 10 + (number * 7 + i) % 90, phone,
                  case when i < 7 then 'Paid' when i < 9 then 'Failed' when number % 100 = 0 then 'Pending' else 'Expired' end,
                  '{now:O}'::timestamptz - (number * 10 + i) * interval '1 second', 0
                from customers, generate_series(0, 9) i where tenant_id = '{tenant}'
                """);
            await rows.ExecuteAsync($"""
                insert into payments (tenant_id, id, payment_account_id, payment_request_id, customer_id, receipt, amount, paid_at, recorded_at)
                select tenant_id, gen_random_uuid(), payment_account_id, id, customer_id,
                  'RC' || lpad(row_number() over (order by created_at)::text, 7, '0'), amount, created_at, created_at
                from payment_requests where tenant_id = '{tenant}' and state = 'Paid'
                """);
            await rows.ExecuteAsync($"""
                insert into payments (tenant_id, id, payment_account_id, customer_id, receipt, amount, typed_account, payer_name, paid_at, recorded_at)
                select tenant_id, gen_random_uuid(), gen_random_uuid(), case when number % 100 = 0 then null else id end,
                  'OWN' || lpad(row_number() over (order by number)::text, 6, '0'), 10 + (number * 11 + i) % 90,
                  (8000 + number)::text, 'JANE ' || number, paid, paid
                from customers, generate_series(0, 2) i, lateral (select '{now:O}'::timestamptz - (number * 3 + i) * interval '1 second' as paid) times
                where tenant_id = '{tenant}'
                """);
            await rows.ExecuteAsync($"""
                insert into payments (tenant_id, id, payment_account_id, customer_id, reference, taken_by, amount, paid_at, recorded_at, reversed_at)
                select tenant_id, gen_random_uuid(), gen_random_uuid(), id, 'SLIP-' || lpad(number::text, 6, '0'), 'Wanjiku', 1500,
                  '{now:O}'::timestamptz - number * interval '1 minute', '{now:O}', case when number % 400 = 0 then '{now:O}'::timestamptz end
                from customers where tenant_id = '{tenant}' and number % 20 = 0
                """);
        }
    }
}
