using System;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace EasyIsp.Radius.Dictionary;

/// <summary>
/// Makes C# of the RADIUS worker's <c>radius.dictionary</c> while it is compiled: enums of attributes, vendors and
/// values, typed access to vendors' attributes, and the tables by which packets are printed for people. For Core, which
/// knows no packets, a catalogue of the same names.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class DictionaryGenerator : IIncrementalGenerator
{
    private const string Extension = ".dictionary";

    /// <summary>The project's property that asks for the catalogue of names instead.</summary>
    private const string OutputProperty = "build_property.RadiusDictionaryOutput";

    private static readonly DiagnosticDescriptor Unreadable = new(
        "RADIUS001", "The RADIUS dictionary cannot be read", "{0}", "Dictionary", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(Extension, StringComparison.Ordinal))
            .Select(static (file, cancellationToken) => (file.Path, Text: file.GetText(cancellationToken)?.ToString() ?? ""));
        var wantsCatalogue = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue(OutputProperty, out var output) && output == "catalogue");
        context.RegisterSourceOutput(
            files.Combine(wantsCatalogue),
            static (production, source) => Generate(production, source.Left.Path, source.Left.Text, source.Right));
    }

    private static void Generate(SourceProductionContext production, string path, string text, bool isCatalogue)
    {
        try
        {
            var file = DictionaryFile.Parse(text);
            var source = isCatalogue ? CatalogueSource.Of(file) : DictionarySource.Of(file);
            production.AddSource("RadiusDictionary.g.cs", SourceText.From(source, Encoding.UTF8));
        }
        catch (DictionaryException exception)
        {
            var line = new LinePosition(exception.Line - 1, 0);
            production.ReportDiagnostic(Diagnostic.Create(
                Unreadable, Location.Create(path, default, new LinePositionSpan(line, line)), exception.Message));
        }
    }
}
