using System.Text;

namespace EasyIsp.Web.Commands;

/// <summary>Asks a person, or reads what a script has piped in.</summary>
internal interface IPrompt
{
    /// <summary>Somebody sits there and can be asked again.</summary>
    bool IsPerson { get; }

    string Ask(string question);

    /// <summary>Shows nothing of the answer.</summary>
    string AskSecretly(string question);

    void Say(string text);
}

internal static class PromptExtensions
{
    /// <summary>Says what is wrong with an answer and asks a person again; what a script gave is refused at once.</summary>
    /// <param name="faultIn">Null when the answer does.</param>
    /// <returns>Null when it was refused.</returns>
    public static async Task<string?> AskUntilAsync(
        this IPrompt prompt, Func<string> ask, Func<string, Task<string?>> faultIn, CancellationToken cancellationToken)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = ask();
            if (await faultIn(answer) is not { } fault)
                return answer;

            prompt.Say(fault);
        }
        while (prompt.IsPerson);

        return null;
    }
}

internal sealed class TerminalPrompt : IPrompt
{
    public bool IsPerson => !Console.IsInputRedirected;

    public string Ask(string question)
    {
        Question(question);
        return Console.In.ReadLine() ?? "";
    }

    public string AskSecretly(string question)
    {
        if (!IsPerson)
            return Ask(question);

        Question(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    public void Say(string text) => Console.Error.WriteLine(text);

    private void Question(string question)
    {
        if (IsPerson)
            Console.Error.Write($"{question}: ");
    }
}
