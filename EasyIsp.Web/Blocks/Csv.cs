using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EasyIsp.Web.Blocks;

/// <summary>Rows as a file for spreadsheets (RFC 4180). Figures are plain: a point for decimals, no thousands.</summary>
internal static class Csv
{
    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>The rows as an answer that no cache keeps.</summary>
    /// <param name="name">Of the file, with its ending.</param>
    public static PushStreamHttpResult File(
        HttpContext http, string name, string header, IEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
        => File(http, name, stream => WriteAsync(stream, header, rows, cancellationToken));

    public static PushStreamHttpResult File(HttpContext http, string name, Func<Stream, Task> write)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(write, ContentType, name);
    }

    /// <param name="rows">Text is quoted; numbers and days are not.</param>
    public static async Task WriteAsync(Stream stream, string header, IEnumerable<IReadOnlyList<object?>> rows, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(header);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(string.Join(',', row.Select(Cell)));
        }
    }

    /// <summary>A spreadsheet takes what begins with one of these signs for a formula, even in quotes.</summary>
    public static string Quoted(string text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? "'" + text : text;
        return $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => Quoted(text),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset local => local.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        double number => number.ToString("0.##", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType().Name} is not for a file.", nameof(value)),
    };
}
