using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Shared;

public static class Paging
{
    /// <summary>Counts, then reads one page; both in the caller's transaction.</summary>
    public static async Task<Page<TRow>> ToPageAsync<TRow>(
        this IQueryable<TRow> ordered, PageOf page, CancellationToken cancellationToken)
    {
        var total = await ordered.CountAsync(cancellationToken);
        var rows = total == 0 ? [] : await ordered.Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        return new Page<TRow>(rows, total);
    }

    /// <summary>Counts and cuts before anything is joined: what a row shows besides is read for the rows of the page alone.</summary>
    public static async Task<Page<TRow>> ToPageAsync<T, TRow>(
        this IQueryable<T> ordered, PageOf page, Func<IQueryable<T>, IQueryable<TRow>> rowsOf, CancellationToken cancellationToken)
    {
        var total = await ordered.CountAsync(cancellationToken);
        var rows = total == 0 ? [] : await rowsOf(ordered.Skip(page.Skip).Take(page.Take)).ToListAsync(cancellationToken);
        return new Page<TRow>(rows, total);
    }
}
