using System.Diagnostics;
using EasyIsp.Core.Payments;
using EasyIsp.Emulators.Forwarding;

namespace EasyIsp.Testing.Chaos;

/// <summary>Who pays: most by a prompt, some from their phone's menu, some at the counter; and the owner's phone, which gets its SMS.</summary>
internal sealed class ChaosPeople(ChaosTown town, int seed)
{
    private const int AtOnce = 16;
    private const int SmsAtOnce = 4;

    /// <summary>Over all phones: the Portal takes 600 from one address and 120 from one phone, tries that it could not store among them.</summary>
    private const int SmsAMinute = ChaosTown.PhonesOfAccount * 60;

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = [];
    private readonly Queue<long> _passedOn = new();
    private int _turn;
    private int _begun;

    /// <summary>How many have begun to pay.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>What staff took, by the account.</summary>
    public Dictionary<Guid, decimal> Taken { get; } = [];

    /// <summary>By the rail, for the report.</summary>
    public Dictionary<string, int> ByRail { get; } = [];

    public async Task PayAsync(int first, int count, CancellationToken cancellationToken) => await Parallel.ForEachAsync(
        Enumerable.Range(first, count),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (number, token) =>
        {
            await PayAsync(number, token);
            Interlocked.Increment(ref _begun);
        });

    /// <summary>
    /// Three in four SMS are passed on, some of them twice, as far as the Portal takes so many; the phones, by turns, learn of
    /// money as the statement does.
    /// </summary>
    public Task PassOnSmsAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        town.Provider.Daraja.Statement.Lines.Where(line => _told.Add(line.Receipt)).ToList(),
        new ParallelOptions { MaxDegreeOfParallelism = SmsAtOnce, CancellationToken = cancellationToken },
        async (line, token) =>
        {
            var phones = town.Phones[line.ShortCode];
            var phone = phones[Interlocked.Increment(ref _turn) % phones.Count];
            var times = Draw(8) switch { < 2 => 0, 7 => 2, _ => 1 };
            for (; times > 0 && MayPassOn(); times--)
                await phone.PassOnAsync(OwnersSms.Of(line, line.ShortCode == ChaosTown.TillStore, 47_810), token);
        });

    /// <summary>What comes above that is never passed on.</summary>
    private bool MayPassOn()
    {
        lock (_gate)
        {
            while (_passedOn.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest) > TimeSpan.FromMinutes(1))
                _passedOn.Dequeue();
            if (_passedOn.Count >= SmsAMinute)
                return false;
            _passedOn.Enqueue(Stopwatch.GetTimestamp());
            return true;
        }
    }

    private Task PayAsync(int number, CancellationToken cancellationToken)
    {
        var draw = Draw(100);
        var amount = 60 + Draw(400);
        var (home, homeNumber) = town.Homes[Draw(town.Homes.Count)];
        var isTill = town.TillId is not null;
        Count(draw switch { < 65 => isTill ? "prompts at the till" : "prompts at the Paybill", < 82 => "own, to the Paybill", < 90 => isTill ? "own, to the till" : "own, to the Paybill", _ => "counter" });
        return draw switch
        {
            < 65 => town.InsistAsync<Prompts, PromptOutcome>(
                prompts => prompts.AskWalkInAsync(new PromptOrder(town.PackageId, PhoneOf(number)), cancellationToken), cancellationToken),
            // Every sixth types something that is nobody's number.
            < 82 => town.Provider.Menu.PayAsync(
                ChaosTown.Paybill, PhoneOf(number)[1..], amount, draw < 79 ? $"{homeNumber}" : $"ISP{homeNumber}", cancellationToken),
            < 90 => town.Provider.Menu.PayAsync(isTill ? ChaosTown.TillNumber : ChaosTown.Paybill, PhoneOf(number)[1..], amount, $"{homeNumber}", cancellationToken),
            _ => TakeAsync(home, number, amount, cancellationToken),
        };
    }

    /// <summary>One form, that is sent again while nobody says that it was taken.</summary>
    private async Task TakeAsync(Guid customer, int number, decimal amount, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var account = number % 2 == 0 ? town.DrawerId : town.BankId;
        var taken = new CounterPayment(Guid.CreateVersion7(now), customer, account, amount, DateOnly.FromDateTime(now.UtcDateTime), $"SLIP {number}");
        var outcome = await town.InsistAsync<CounterDesk, TakeOutcome>(desk => desk.TakeAsync(taken, cancellationToken), cancellationToken);
        if (outcome is not TakeOutcome.Taken)
            throw new InvalidOperationException($"Slip {number} was not taken: {outcome}");
        lock (_gate)
            Taken[account] = Taken.GetValueOrDefault(account) + amount;
    }

    private int Draw(int below)
    {
        lock (_gate)
            return _random.Next(below);
    }

    private void Count(string rail)
    {
        lock (_gate)
            ByRail[rail] = ByRail.GetValueOrDefault(rail) + 1;
    }

    /// <summary>Every tenth refuses (…032, mpesa.md 3.11); the others' endings trigger nothing.</summary>
    private static string PhoneOf(int number)
        => number % 10 == 0 ? $"+25471{number / 10 % 1_000:0000}032" : $"+25472{number / 300 % 10_000:0000}{500 + (number % 300)}";
}
