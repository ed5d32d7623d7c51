using System;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace EasyIsp.Radius.Dictionary;

/// <summary>
/// Makes C# of the RADIUS worker's <c>radius.dictionary</c> while it is compiled: enums of attributes, vendors and
/// values, typed access to vendors' attributes, and the tables by which packets are printed for people.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class DictionaryGenerator : IIncrementalGenerator
{
    private const string Extension = ".dictionary";

    private static readonly DiagnosticDescriptor Unreadable = new(
        "RADIUS001", "The RADIUS dictionary cannot be read", "{0}", "Dictionary", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(Extension, StringComparison.Ordinal))
            .Select(static (file, cancellationToken) => (file.Path, Text: file.GetText(cancellationToken)?.ToString() ?? ""));
        context.RegisterSourceOutput(files, static (production, file) => Generate(production, file.Path, file.Text));
    }

    private static void Generate(SourceProductionContext production, string path, string text)
    {
        try
        {
            production.AddSource("RadiusDictionary.g.cs", SourceText.From(DictionarySource.Of(DictionaryFile.Parse(text)), Encoding.UTF8));
        }
        catch (DictionaryException exception)
        {
            var line = new LinePosition(exception.Line - 1, 0);
            production.ReportDiagnostic(Diagnostic.Create(
                Unreadable, Location.Create(path, default, new LinePositionSpan(line, line)), exception.Message));
        }
    }
}
