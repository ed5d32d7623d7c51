using EasyIsp.Core.Payments;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Sms;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Core.Shared;
using EasyIsp.Core.Tests.Payments.Sms;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>Where the payments of a test come in.</summary>
/// <param name="Phone">The owner's, that passes SMS on.</param>
/// <param name="Drawer">Where staff take cash.</param>
internal sealed record OnePaymentPlace(bool AtTill, TestPhone Phone, Guid Drawer);

/// <summary>One prompt that is paid, and all that tells of it, through the use cases that hear it in service.</summary>
internal sealed class OnePayment
{
    private const decimal Cash = 5;

    private readonly PaymentWorld _world;
    private readonly OnePaymentPlace _place;
    private readonly PaymentRequest _request;
    private readonly Guid _slip;
    private readonly string _receipt;
    private readonly DateTimeOffset _paidAt;
    private readonly (decimal Money, decimal Suspense, decimal Wallets, decimal Sales) _before;
    private readonly TaskCompletionSource _isToBeAnswered = new();
    private string? _checkout;
    private Random _random = new(0);

    private OnePayment(PaymentWorld world, OnePaymentPlace place, PaymentRequest request, int number, (decimal, decimal, decimal, decimal) before)
    {
        (_world, _place, _request, _before) = (world, place, request, before);
        var now = world.World.Clock.GetUtcNow();
        _slip = Guid.CreateVersion7(now);
        _paidAt = now.AddSeconds(10);
        _receipt = $"U{(char)('A' + now.Month - 1)}{(now.Day < 10 ? (char)('0' + now.Day) : (char)('A' + now.Day - 10))}{number:D4}AAA";
    }

    /// <summary>Each has a price of its own: at a till payments of one amount could be taken for each other.</summary>
    public static async Task<OnePayment> AskedAsync(PaymentWorld world, OnePaymentPlace place, int number)
    {
        var package = await world.World.PackageAsync($"Hour {number}", 20 + number, days: 1, AccessType.Hotspot);
        var before = await world.BooksAsync();
        var id = await world.AskAsync($"+2547120{number:D5}", package);
        return new OnePayment(world, place, await world.RequestAsync(id), number, before);
    }

    public async Task PlayAsync(TellingOrder order)
    {
        _random = new Random(order.Seed);
        var early = order.Groups.TakeWhile(group => !group.Contains(Told.Accepted)).ToList();
        _world.Daraja.BeforeAnswer = async checkout =>
        {
            _checkout = checkout;
            foreach (var group in early)
                await TellAsync(group);
            _isToBeAnswered.SetResult();
        };
        var sending = _world.SendAsync();
        await await Task.WhenAny(_isToBeAnswered.Task, sending);
        _world.Daraja.BeforeAnswer = null;
        await Task.WhenAll(sending, TellAsync([.. order.Groups[early.Count].Where(told => told != Told.Accepted)]));
        foreach (var group in order.Groups.Skip(early.Count + 1))
            await TellAsync(group);
        await ComeToRestAsync();
    }

    public Task<OnePaymentEnd> EndAsync() => _world.World.ReadAsync(async db =>
    {
        var request = await db.PaymentRequests.AsNoTracking().SingleAsync(r => r.Id == _request.Id);
        var payments = await db.Payments.AsNoTracking().Where(p => p.SameAsId == null && p.Id != _slip)
            .Where(p => p.PaymentRequestId == request.Id || p.Receipt == _receipt).ToListAsync();
        var subscription = await db.Subscriptions.AsNoTracking().Where(s => s.CustomerId == request.CustomerId).ToListAsync();
        var books = await _world.BooksAsync();
        return new OnePaymentEnd(
            request.State,
            string.Join(", ", payments.Select(Described)),
            (books.Money - _before.Money) / request.Amount,
            books.Suspense - _before.Suspense,
            books.Wallets - _before.Wallets,
            (books.Sales - _before.Sales) / request.Amount,
            await db.Payments.CountAsync(p => p.Id == _slip),
            await db.Purchases.CountAsync(p => p.CustomerId == request.CustomerId),
            string.Join(", ", subscription.Select(s => s.EndsAt - s.StartsAt)),
            await db.NetworkOrders.CountAsync(o => o.CustomerId == request.CustomerId),
            await db.MoneySms.CountAsync(s => s.Receipt == _receipt && s.ConfirmedAt == null),
            await db.ProviderMessages.CountAsync(m => m.ProcessedAt == null));

        string Described(Payment payment)
        {
            var receipt = payment.Receipt == _receipt ? "its receipt" : payment.Receipt ?? "no receipt";
            var owner = payment.CustomerId == request.CustomerId ? "its customer" : $"{payment.CustomerId}";
            var cause = payment.PaymentRequestId == request.Id ? "its prompt" : $"{payment.PaymentRequestId}";
            var day = payment.PaidAt.UtcDateTime.Date == _paidAt.UtcDateTime.Date ? "its day" : $"{payment.PaidAt:O}";
            return $"{payment.Amount / request.Amount:0.##} of its price, {receipt}, {owner}, {cause}, {day}";
        }
    });

    private async Task TellAsync(IReadOnlyList<Told> group)
    {
        // What comes at once is stored at once too; then it is read by whoever is woken.
        await Task.WhenAll(group.Select(TellAsync));
        await Task.WhenAll(ReadAsync(), ReadAsync());
    }

    private Task TellAsync(Told told) => told switch
    {
        Told.CalledBack or Told.CalledBackAgain => _world.StoreAsync(
            _world.Daraja.CallbackOf(_checkout!), PaymentWorld.PaidBeforeAnswer(_checkout!, _receipt, _request.Amount, _paidAt)),
        Told.CalledBackFailed => _world.StoreAsync(
            _world.Daraja.CallbackOf(_checkout!), PaymentWorld.NotPaidBeforeAnswer(_checkout!, _random.Next(2) == 0 ? 1032 : 1037)),
        Told.Confirmed => _world.StoreConfirmationAsync(Confirmation()),
        Told.Queried => AskAsync(),
        Told.Pulled => PullAsync(),
        Told.Sms => SmsAsync(),
        Told.Staff => StaffAsync(),
        Told.TimedOut => TimeOutAsync(),
        _ => throw new InvalidOperationException($"{told}"),
    };

    private async Task AskAsync()
    {
        _world.Daraja.Answer = new StkQueryResult.Paid();
        await _world.World.AsTenantAsync<PaymentInquiry, PaymentRequestState?>(inquiry => inquiry.AskAsync(_request.Id, CancellationToken.None));
    }

    /// <summary>Either the submission, which is swept up, or every question that the schedule knows.</summary>
    private async Task TimeOutAsync()
    {
        _world.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await _world.World.Services.GetRequiredService<PromptSender>().SweepAsync(CancellationToken.None);
        if (_random.Next(2) == 0)
            return;

        _world.Daraja.Answer = new StkQueryResult.StillPending();
        _world.World.Clock.Advance(TimeSpan.FromHours(4));
        for (var times = 0; times < 12 && await _world.AskAfterAsync() > 0; times++)
            _world.Daraja.Answer = new StkQueryResult.StillPending();
    }

    private Task<bool> PullAsync() => _world.World.WriteAsync(async db =>
    {
        var account = await db.PaymentAccounts.SingleAsync(a => a.Id == _request.PaymentAccountId);
        var row = new PulledRow(_receipt, _request.Amount, _paidAt, _place.AtTill ? null : _request.Reference, _request.Phone[1..], "c2b");
        return await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(db, account, row, StatementSource.Pull, CancellationToken.None) is not null;
    });

    private async Task SmsAsync()
    {
        var text = _place.AtTill
            ? SmsWorld.ToTill(_receipt, _request.Amount, _request.Phone[1..], _paidAt)
            : SmsWorld.ToPaybill(_request.Reference!, _receipt, _request.Amount, _request.Phone[1..], _paidAt);
        if (_random.Next(3) == 0)
            await _world.World.AsTenantAsync<SmsPasting, int>(pasting => pasting.StoreAsync(text, null, CancellationToken.None));
        else
            await _place.Phone.SendAsync(SmsWorld.Body(text));
    }

    /// <summary>Cash for something else, by one form; an SMS that nobody confirmed is booked; what lies in suspense is given to its prompt.</summary>
    private async Task StaffAsync()
    {
        var day = DateOnly.FromDateTime(_request.CreatedAt.UtcDateTime);
        await _world.World.AsTenantAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(
            new CounterPayment(_slip, _request.CustomerId, _place.Drawer, Cash, day), CancellationToken.None));
        var hint = await _world.World.ReadAsync(db => db.MoneySms
            .Where(s => s.Receipt == _receipt && s.BookedAt == null && s.ConfirmedAt == null).Select(s => (Guid?)s.Id).FirstOrDefaultAsync());
        if (hint is { } sms && _random.Next(2) == 0)
            await _world.World.AsTenantAsync<MoneySmsDesk, BookSmsOutcome>(desk => desk.BookAsync(sms, null, "On the statement", CancellationToken.None));
        var waiting = await _world.World.ReadAsync(db => db.Payments
            .Where(Payment.WaitsInSuspense).Where(p => p.Receipt == _receipt).Select(p => (Guid?)p.Id).SingleOrDefaultAsync());
        if (waiting is { } payment)
        {
            await _world.World.AsTenantAsync<SuspenseDesk, PlaceOutcome>(
                desk => desk.GiveToRequestAsync(payment, _request.Id, "He showed his phone", CancellationToken.None));
        }
    }

    private async Task ReadAsync()
    {
        await _world.World.Services.GetRequiredService<CallbackQueue>().ReadWaitingAsync(CancellationToken.None);
        await _world.ReadSmsAsync();
    }

    /// <summary>What is done again until there is nothing to do: the schedule's questions, held SMS, staff's list of suspense.</summary>
    private async Task ComeToRestAsync()
    {
        await ReadAsync();
        await AskAsync();
        await StaffAsync();
        _world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await _world.JoinSmsAsync();
        await ReadAsync();
        await _world.JoinSmsAsync();
    }

    private string Confirmation() => C2bWorld.Confirmation(
        _place.AtTill ? "" : _request.Reference!,
        _request.Amount,
        _receipt,
        $"{_request.Phone[1..5]} ***** {_request.Phone[^3..]}",
        _place.AtTill ? "555666" : "600111",
        _paidAt);
}

/// <summary>How a payment ended; sums as multiples of its price where they depend on it.</summary>
/// <param name="Wallets">What staff took in cash is left.</param>
/// <param name="Unconfirmed">SMS of its receipt that the provider's word was not found for.</param>
internal sealed record OnePaymentEnd(
    PaymentRequestState Request,
    string Payments,
    decimal Money,
    decimal Suspense,
    decimal Wallets,
    decimal Sales,
    int Slips,
    int Purchases,
    string Access,
    int NetworkOrders,
    int Unconfirmed,
    int Unread)
{
    public static OnePaymentEnd AsItShouldBe { get; } = new(
        PaymentRequestState.Paid,
        "1 of its price, its receipt, its customer, its prompt, its day",
        Money: 1,
        Suspense: 0,
        Wallets: -5,
        Sales: -1,
        Slips: 1,
        Purchases: 1,
        "1.00:00:00",
        NetworkOrders: 1,
        Unconfirmed: 0,
        Unread: 0);
}
