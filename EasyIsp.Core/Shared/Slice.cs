using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Shared;

/// <summary>
/// A stretch of a list that is read from its newest row on, without counting it: the next stretch begins behind the last
/// row's id.
/// </summary>
public sealed record Slice<TRow>(IReadOnlyList<TRow> Rows, bool HasMore);

/// <param name="Before">The last row of the stretch before; null begins with the newest. Ids sort by creation.</param>
public readonly record struct SliceOf(Guid? Before, int Size)
{
    public int Take => Math.Clamp(Size, 1, PageOf.MaxSize);
}

internal static class Slicing
{
    /// <param name="ordered">Newest first, and already behind <see cref="SliceOf.Before"/>.</param>
    public static async Task<Slice<TRow>> ToSliceAsync<T, TRow>(
        this IQueryable<T> ordered, SliceOf slice, Func<IQueryable<T>, IQueryable<TRow>> rowsOf, CancellationToken cancellationToken)
    {
        var rows = await rowsOf(ordered.Take(slice.Take + 1)).ToListAsync(cancellationToken);
        return new Slice<TRow>([.. rows.Take(slice.Take)], rows.Count > slice.Take);
    }
}
