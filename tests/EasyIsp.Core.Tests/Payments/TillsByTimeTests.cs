using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Secrets;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Money at a till is told apart by its time: while the zone of the pulled times is in doubt it is told apart by nothing.</summary>
public sealed class TillsByTimeTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await PaymentWorld.OpenAsync(server);
        await _world.OpenTillAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pulled_row_is_taken_for_a_prompts_money_unless_its_time_is_doubted(bool isDoubted)
    {
        var request = await _world.PromptedAsync();
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(request.Id, Cancelled));
        await PullsAsync(isDoubted);

        Assert.Equal(1, (await PullAsync(new PulledRow(C2bWorld.Receipt, 20, _world.World.Clock.GetUtcNow(), null, "254712345678", "c2b-buy-goods-debit"))).New);

        var payments = await _world.PaymentsAsync();
        Assert.Equal(isDoubted ? null : C2bWorld.Receipt, payments.Single(p => p.PaymentRequestId == request.Id).Receipt);
        Assert.Equal(isDoubted, payments.Exists(p => p.IsInSuspense && p.Receipt == C2bWorld.Receipt));
        Assert.Equal("254712345678", await _world.World.ReadAsync(db => db.StatementLines.Select(l => l.PayerNumber).SingleAsync(Cancelled)));
    }

    private async Task PullsAsync(bool isDoubted)
    {
        var owner = await _world.OwnerAsync();
        await _world.World.WriteAsync(async db =>
        {
            var pull = StatementPull.Of(await db.PaymentAccounts.SingleAsync(a => a.Id == owner.PaymentAccountId, Cancelled), _world.World.Clock.GetUtcNow());
            pull.Nominate("+254722000000");
            if (isDoubted)
                pull.DoubtZone(_world.World.Clock.GetUtcNow());
            db.StatementPulls.Add(pull);
            return 0;
        });
    }

    private async Task<PullReport> PullAsync(PulledRow row)
    {
        var owner = await _world.OwnerAsync();
        return (await _world.World.AsTenantAsync<IServiceProvider, PullReport?>(services => new StatementPulling(
            services.GetRequiredService<IspDatabase>(),
            new OneRow(row),
            services.GetRequiredService<StatementBooking>(),
            services.GetRequiredService<SecretCodec>(),
            services.GetRequiredService<ProviderMetrics>(),
            _world.World.Clock,
            NullLogger<StatementPulling>.Instance).PullAsync(owner.PaymentAccountId, StatementPull.Reach, Cancelled)))!;
    }

    /// <summary>A provider whose books have one row.</summary>
    private sealed class OneRow(PulledRow row) : IDarajaOperations
    {
        public Task<PullResult> PullAsync(DarajaCredentials credentials, PullQuestion question, CancellationToken cancellationToken)
            => Task.FromResult<PullResult>(question.Offset == 0 ? new PullResult.Rows([row], []) : new PullResult.Rows([], []));

        public Task<OperationAck> SubmitAsync(DarajaCredentials credentials, OperationOrder order, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<PullRegistration> RegisterPullAsync(DarajaCredentials credentials, string nominatedNumber, Uri callback, CancellationToken cancellationToken)
            => throw new NotSupportedException();

        public Task<QrResult> QrAsync(DarajaCredentials credentials, QrOrder order, CancellationToken cancellationToken)
            => throw new NotSupportedException();
    }
}
