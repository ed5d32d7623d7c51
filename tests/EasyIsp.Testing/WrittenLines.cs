using System.Text;

namespace EasyIsp.Testing;

/// <summary>Keeps what a process writes to its console while this stands in its place. What is no line of a log is somebody else's, and passed on.</summary>
public sealed class WrittenLines : TextWriter
{
    private readonly StringBuilder _said = new();
    private readonly TextWriter _others;

    private WrittenLines(TextWriter others) => _others = others;

    public override Encoding Encoding => Encoding.UTF8;

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>From here on, until it is disposed.</summary>
    public static WrittenLines Take()
    {
        var lines = new WrittenLines(Console.Out);
        Console.SetOut(lines);
        return lines;
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        if (value is not ['{', ..])
            _others.Write(value);
        lock (_said)
            _said.Append(value);
    }

    protected override void Dispose(bool disposing)
    {
        Console.SetOut(_others);
        base.Dispose(disposing);
    }
}
