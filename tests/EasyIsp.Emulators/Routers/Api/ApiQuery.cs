using System.Globalization;

namespace EasyIsp.Emulators.Routers.Api;

/// <summary>The stack machine of query words (mikrotik.md 1.6, [D]); the top of the stack has index 0.</summary>
internal static class ApiQuery
{
    public static bool Passes(IReadOnlyDictionary<string, string> row, IEnumerable<string> queries)
    {
        var stack = new List<bool>();
        foreach (var query in queries)
        {
            if (query.StartsWith('#'))
                Operate(stack, query[1..]);
            else
                stack.Add(Test(row, query));
        }

        return stack.TrueForAll(value => value);
    }

    private static bool Test(IReadOnlyDictionary<string, string> row, string query)
    {
        if (query.StartsWith('-'))
            return !row.ContainsKey(query[1..]);

        var comparison = query[0] is '<' or '>' or '=' ? query[0] : '=';
        var parts = query.TrimStart('<', '>', '=').Split('=', 2);
        if (!row.TryGetValue(parts[0], out var value))
            return false;
        if (parts.Length == 1)
            return true;

        return comparison switch
        {
            '<' => Compare(value, parts[1]) < 0,
            '>' => Compare(value, parts[1]) > 0,
            _ => value == parts[1],
        };
    }

    private static int Compare(string left, string right)
        => long.TryParse(left, CultureInfo.InvariantCulture, out var a) && long.TryParse(right, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(left, right);

    private static void Operate(List<bool> stack, string operations)
    {
        for (var at = 0; at < operations.Length; at++)
        {
            if (char.IsAsciiDigit(operations[at]))
            {
                var digits = new string([.. operations.Skip(at).TakeWhile(char.IsAsciiDigit)]);
                at += digits.Length - 1;
                var chosen = Peek(stack, int.Parse(digits, CultureInfo.InvariantCulture));
                if (at == operations.Length - 1)
                    stack.Clear();
                else if (operations[at + 1] == '.')
                    at++;
                stack.Add(chosen);
                continue;
            }

            stack.Add(operations[at] switch
            {
                '!' => !Pop(stack),
                '&' => Pop(stack) & Pop(stack),
                '|' => Pop(stack) | Pop(stack),
                '.' => Peek(stack, 0),
                _ => throw new ApiTrapException("invalid query"),
            });
        }
    }

    /// <summary>Below what was pushed the stack is endlessly true.</summary>
    private static bool Peek(List<bool> stack, int index) => index >= stack.Count || stack[^(index + 1)];

    private static bool Pop(List<bool> stack)
    {
        if (stack.Count == 0)
            return true;

        var top = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return top;
    }
}
