namespace EasyIsp.Core.Shared;

/// <summary>One page of a list and how many rows the whole list has.</summary>
public sealed record Page<TRow>(IReadOnlyList<TRow> Rows, int Total);

/// <summary>Which rows of a list are wanted. Sizes beyond <see cref="MaxSize"/> are cut to it.</summary>
/// <param name="Index">Counts from 0.</param>
public readonly record struct PageOf(int Index, int Size)
{
    public const int MaxSize = 200;

    public int Skip => Math.Max(0, Index) * Take;
    public int Take => Math.Clamp(Size, 1, MaxSize);
}
