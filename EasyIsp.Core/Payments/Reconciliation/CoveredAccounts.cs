namespace EasyIsp.Core.Payments.Reconciliation;

internal sealed record CoveredAccount(Guid Id, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

/// <summary>Of which hours the books of the providers' accounts were read.</summary>
/// <param name="late">When money came to accounts that were closed already.</param>
internal sealed class CoveredAccounts(
    IReadOnlyList<CoveredAccount> accounts, ILookup<Guid, StatementCover> covers, ILookup<Guid, DateTimeOffset> late)
{
    public StatementCoverage Of(DateTimeOffset dayStart, DateTimeOffset dayEnd, DateTimeOffset now)
    {
        var known = now - ReconciliationSql.Lateness;
        var parts = accounts.Select(account => Of(account, dayStart, dayEnd, known)).OfType<StatementCoverage>().ToHashSet();
        if (parts.Count > 1)
            parts.Remove(StatementCoverage.NotYet); // what is too young takes nothing from what is read
        return parts.Count switch
        {
            0 => StatementCoverage.NotNeeded,
            1 => parts.Single(),
            _ => StatementCoverage.Part,
        };
    }

    /// <param name="known">What came later may be missing only because the provider's books are late.</param>
    /// <returns>Null when the account was not open in that time, and nothing came to it.</returns>
    private StatementCoverage? Of(CoveredAccount account, DateTimeOffset from, DateTimeOffset until, DateTimeOffset known)
    {
        var isHeld = late[account.Id].Any(at => at >= from && at < until);
        from = account.OpenedAt > from ? account.OpenedAt : from;
        until = account.ClosedAt < until && !isHeld ? account.ClosedAt.Value : until;
        if (until <= from)
            return null;

        until = known < until ? known : until;
        if (until <= from)
            return StatementCoverage.NotYet;

        var (reached, touched) = (from, false);
        foreach (var cover in covers[account.Id])
        {
            touched |= cover.From < until && cover.Until > from;
            if (cover.From <= reached && cover.Until > reached)
                reached = cover.Until;
        }

        return reached >= until ? StatementCoverage.Whole : touched ? StatementCoverage.Part : StatementCoverage.None;
    }
}
