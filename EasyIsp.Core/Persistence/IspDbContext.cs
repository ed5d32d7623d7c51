using System.Data;
using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Identity.ApiTokens;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Claims;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.ProviderOrders;
using EasyIsp.Core.Payments.Reconciliation;
using EasyIsp.Core.Payments.Reconciliation.Daily;
using EasyIsp.Core.Payments.Refunds;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Replies;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Core.Secrets;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Sessions.Trials;
using EasyIsp.Core.Statistics;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Persistence;

/// <summary>The whole model but sign-in and keys. Obtained from <see cref="IspDatabase"/> or <see cref="PlatformDatabase"/>, never made directly.</summary>
public sealed class IspDbContext : DbContext
{
    internal IspDbContext(DbContextOptions<IspDbContext> options, Guid? tenantId, Guid[]? routerIds = null) : base(options)
    {
        (TenantId, RouterIds) = (tenantId, routerIds);
        // A failed statement ends the unit of work anyway; a savepoint for each save would cost a round trip.
        Database.AutoSavepointsEnabled = false;
    }

    public DbSet<Tenant> Tenants => Set<Tenant>();
    public DbSet<LimitedAccess> LimitedAccess => Set<LimitedAccess>();
    public DbSet<TenantCounter> TenantCounters => Set<TenantCounter>();
    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();
    public DbSet<LimitBucket> LimitBuckets => Set<LimitBucket>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<SmsAccount> SmsAccounts => Set<SmsAccount>();
    public DbSet<Role> Roles => Set<Role>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<ApiTokenKey> ApiTokenKeys => Set<ApiTokenKey>();
    public DbSet<Package> Packages => Set<Package>();
    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<CustomerDevice> CustomerDevices => Set<CustomerDevice>();
    public DbSet<Router> Routers => Set<Router>();
    public DbSet<RouterCertificate> RouterCertificates => Set<RouterCertificate>();
    public DbSet<PortalSite> PortalSites => Set<PortalSite>();
    public DbSet<UnknownRouter> UnknownRouters => Set<UnknownRouter>();
    public DbSet<LedgerAccount> LedgerAccounts => Set<LedgerAccount>();
    public DbSet<JournalEntry> JournalEntries => Set<JournalEntry>();
    public DbSet<JournalLine> JournalLines => Set<JournalLine>();
    public DbSet<ReplyAttribute> ReplyAttributes => Set<ReplyAttribute>();
    public DbSet<OpenSession> OpenSessions => Set<OpenSession>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<LoginRecord> LoginRecords => Set<LoginRecord>();
    public DbSet<LoginTest> LoginTests => Set<LoginTest>();
    public DbSet<NetworkOrder> NetworkOrders => Set<NetworkOrder>();
    public DbSet<Subscription> Subscriptions => Set<Subscription>();
    public DbSet<Purchase> Purchases => Set<Purchase>();
    public DbSet<UsageDay> UsageDays => Set<UsageDay>();
    public DbSet<LoginToken> LoginTokens => Set<LoginToken>();
    public DbSet<VoucherBatch> VoucherBatches => Set<VoucherBatch>();
    public DbSet<Voucher> Vouchers => Set<Voucher>();
    public DbSet<GuessingAlarm> GuessingAlarms => Set<GuessingAlarm>();
    public DbSet<PaymentAccount> PaymentAccounts => Set<PaymentAccount>();
    public DbSet<PaymentAccountRouter> PaymentAccountRouters => Set<PaymentAccountRouter>();
    public DbSet<ShortCodeClaim> ShortCodeClaims => Set<ShortCodeClaim>();
    public DbSet<CallbackAddress> CallbackAddresses => Set<CallbackAddress>();
    public DbSet<PaymentRequest> PaymentRequests => Set<PaymentRequest>();
    public DbSet<ProviderMessage> ProviderMessages => Set<ProviderMessage>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<Allocation> Allocations => Set<Allocation>();
    public DbSet<Initiator> Initiators => Set<Initiator>();
    public DbSet<ProviderOrder> ProviderOrders => Set<ProviderOrder>();
    public DbSet<Refund> Refunds => Set<Refund>();
    public DbSet<RefundStep> RefundSteps => Set<RefundStep>();
    public DbSet<StatementLine> StatementLines => Set<StatementLine>();
    public DbSet<StatementPull> StatementPulls => Set<StatementPull>();
    public DbSet<StatementCover> StatementCovers => Set<StatementCover>();
    public DbSet<UnreadRow> UnreadRows => Set<UnreadRow>();
    public DbSet<Explanation> Explanations => Set<Explanation>();
    public DbSet<ReportMailing> ReportMailings => Set<ReportMailing>();
    public DbSet<DailyReport> DailyReports => Set<DailyReport>();
    public DbSet<ReceiptClaim> ReceiptClaims => Set<ReceiptClaim>();
    public DbSet<SharedToken> SharedTokens => Set<SharedToken>();
    public DbSet<ForwardingPhone> ForwardingPhones => Set<ForwardingPhone>();
    public DbSet<ForwardingAddress> ForwardingAddresses => Set<ForwardingAddress>();
    public DbSet<UsedSignature> UsedSignatures => Set<UsedSignature>();
    public DbSet<MoneySms> MoneySms => Set<MoneySms>();
    public DbSet<MoneySmsPolicy> MoneySmsPolicies => Set<MoneySmsPolicy>();
    public DbSet<SmsTemplate> SmsTemplates => Set<SmsTemplate>();
    public DbSet<HotspotVisit> HotspotVisits => Set<HotspotVisit>();
    public DbSet<SessionHour> SessionHours => Set<SessionHour>();
    public DbSet<SessionDay> SessionDays => Set<SessionDay>();

    /// <summary>Null in a context of the platform.</summary>
    internal Guid? TenantId { get; }

    /// <summary>The routers that it shows; null for all.</summary>
    internal Guid[]? RouterIds { get; }

    internal bool IsRestricted => RouterIds is not null;

    internal Guid[] RestrictedTo => RouterIds ?? throw new InvalidOperationException("This context shows every router.");

    internal Guid CurrentTenantId => TenantId
        ?? throw new InvalidOperationException("A platform context asks across tenants: ignore the tenant filter by name.");

    /// <summary>Ids of the present tenant's customers whose name, numbers, phone or device contain the term.</summary>
    public IQueryable<SearchHit> SearchCustomers(string term) => FromExpression(() => SearchCustomers(term));

    /// <summary>Saves and commits: the end of a use case that writes.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await SaveChangesAsync(cancellationToken);
        await Database.CurrentTransaction!.CommitAsync(cancellationToken);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseForeignRows();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
        => throw new NotSupportedException("Use SaveChangesAsync.");

    internal static async Task<IspDbContext> BeginAsync(
        DbContextOptions<IspDbContext> options,
        Guid? tenantId,
        CancellationToken cancellationToken,
        IsolationLevel isolation = IsolationLevel.ReadCommitted,
        Guid[]? routerIds = null)
    {
        var db = new IspDbContext(options, tenantId, routerIds);
        try
        {
            await db.Database.BeginTransactionAsync(isolation, cancellationToken);
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("btree_gin");
        modelBuilder.HasPostgresExtension("btree_gist");
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.ApplyConfigurationsFromAssembly(
            typeof(IspDbContext).Assembly,
            type => !type.IsAssignableTo(typeof(IStaffTable)) && type != typeof(NamedKeyConfiguration));
        modelBuilder.Entity<SearchHit>().HasNoKey().ToTable((string?)null);
        modelBuilder.HasDbFunction(typeof(IspDbContext).GetMethod(nameof(SearchCustomers), [typeof(string)])!).HasName("search_customers");
        TenantModel.Apply(modelBuilder, this);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<decimal>().HavePrecision(19, 4);
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(32);
        configurationBuilder.ComplexProperties<AccessTerms>();
        configurationBuilder.ComplexProperties<Burst>();
        configurationBuilder.Properties<AllowedHours>().HaveConversion<AllowedHoursConverter>().HaveMaxLength(AllowedHours.MaxTextLength);
        configurationBuilder.Properties<Secret>().HaveConversion<SecretConverter>().HaveColumnType("bytea");
        configurationBuilder.Properties<LoginTestResult>().HaveConversion<LoginTestResultConverter>().HaveColumnType("jsonb");
    }

    /// <summary>The last line of defence in code: a row of another tenant is never written from this unit of work.</summary>
    private void RefuseForeignRows()
    {
        if (TenantId is not { } tenantId)
            return;

        foreach (var entry in ChangeTracker.Entries<TenantEntity>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && entry.Entity.TenantId != tenantId)
            {
                throw new InvalidOperationException(
                    $"{entry.Metadata.DisplayName()} of tenant {entry.Entity.TenantId} written from tenant {tenantId}.");
            }
        }
    }
}

/// <summary>What a search function of the database returns.</summary>
public sealed class SearchHit
{
    public Guid Id { get; private set; }
}
