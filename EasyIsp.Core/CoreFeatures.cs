using EasyIsp.Core.Auditing;
using EasyIsp.Core.Customers;
using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Ledger;
using EasyIsp.Core.Limits;
using EasyIsp.Core.Mail;
using EasyIsp.Core.Orders;
using EasyIsp.Core.Outbox;
using EasyIsp.Core.Packages;
using EasyIsp.Core.Payments;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Replies;
using EasyIsp.Core.Reports;
using EasyIsp.Core.Routers;
using EasyIsp.Core.Sessions;
using EasyIsp.Core.Statistics;
using EasyIsp.Core.Subscriptions;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core;

/// <summary>Every feature of the domain, as each process of the product needs them; keys and workers are added by the process.</summary>
public static class CoreFeatures
{
    public static IServiceCollection AddCore(this IServiceCollection services, IConfiguration configuration) => services
        .AddPersistence(configuration)
        .AddAuditing()
        .AddLimits()
        .AddTenancy()
        .AddOutbox()
        .AddMail()
        .AddPackages()
        .AddCustomers()
        .AddRouters()
        .AddLedger()
        .AddSessions()
        .AddReplies()
        .AddOrders()
        .AddSubscriptions()
        .AddVouchers()
        .AddPayments()
        .AddHotspot()
        .AddStatistics()
        .AddReports();
}
