using EasyIsp.Core.Shared;
using Microsoft.AspNetCore.Mvc;

namespace EasyIsp.Web.Api;

/// <summary>A stretch of a list, the newest first.</summary>
/// <param name="Next">To be sent as <c>after</c> for what follows; null when this was all.</param>
internal sealed record ApiPage<T>(IReadOnlyList<T> Items, Guid? Next)
{
    public static ApiPage<T> Of<TRow>(Slice<TRow> slice, Func<TRow, T> itemOf, Func<TRow, Guid> idOf)
        => new([.. slice.Rows.Select(itemOf)], slice.HasMore ? idOf(slice.Rows[^1]) : null);
}

/// <summary>Which stretch is wanted.</summary>
/// <param name="After"><c>next</c> of the stretch before.</param>
/// <param name="Limit">1 to 200; 50 where nothing is said.</param>
internal readonly record struct ApiPageQuery([FromQuery(Name = "after")] Guid? After, [FromQuery(Name = "limit")] int? Limit)
{
    private const int UsualLimit = 50;

    public SliceOf Slice => new(After, Limit ?? UsualLimit);
}

/// <summary>A thing named within another.</summary>
internal sealed record ApiLink(Guid Id, string? Name);
