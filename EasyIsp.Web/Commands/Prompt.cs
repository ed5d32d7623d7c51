using System.Text;

namespace EasyIsp.Web.Commands;

/// <summary>Asks a person, or reads what a script has piped in.</summary>
internal interface IPrompt
{
    string Ask(string question);

    /// <summary>Shows nothing of the answer.</summary>
    string AskSecretly(string question);

    void Say(string text);
}

internal sealed class TerminalPrompt : IPrompt
{
    public string Ask(string question)
    {
        Question(question);
        return Console.In.ReadLine() ?? "";
    }

    public string AskSecretly(string question)
    {
        if (Console.IsInputRedirected)
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

    private static void Question(string question)
    {
        if (!Console.IsInputRedirected)
            Console.Error.Write($"{question}: ");
    }
}
