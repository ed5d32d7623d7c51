using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace EasyIsp.Radius.Dictionary;

/// <summary>The dictionary as it is written; its grammar stands at the head of <c>radius.dictionary</c>.</summary>
internal sealed class DictionaryFile
{
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly List<Section> _sections = [];
    private readonly List<string> _remarks = [];

    private DictionaryFile()
    {
    }

    public IEnumerable<Section> Values => _sections.Where(section => section.Kind is SectionKind.Values);
    public IEnumerable<Section> Vendors => _sections.Where(section => section.Kind is SectionKind.Vendor);
    public Section Standard => _sections.Single(section => section.Kind is SectionKind.Standard);

    public static DictionaryFile Parse(string text)
    {
        var file = new DictionaryFile();
        var number = 0;
        foreach (var line in text.Split('\n'))
            file.Read(line.Trim(), ++number);
        if (file._sections.Count(section => section.Kind is SectionKind.Standard) != 1)
            throw new DictionaryException(number, "There is one section 'standard'.");
        return file;
    }

    private void Read(string line, int number)
    {
        if (line.StartsWith("##", StringComparison.Ordinal))
        {
            _remarks.Add(line.Substring(2).Trim());
            return;
        }

        var comment = line.IndexOf('#');
        var words = (comment < 0 ? line : line.Substring(0, comment)).Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return;

        if (SectionOf(words, number) is { } section)
            _sections.Add(section);
        else
            AddEntry(words, number);
        _remarks.Clear();
    }

    private Section? SectionOf(string[] words, int line) => (words[0], words.Length) switch
    {
        ("standard", 2) => new Section(SectionKind.Standard, 0, words[1], "", Remark, 1, 1),
        ("values", 2) => new Section(SectionKind.Values, 0, words[1], "", Remark, 0, 0),
        ("vendor", 4) => new Section(SectionKind.Vendor, Number(words[1], line), words[2], words[3], Remark, 1, 1),
        ("vendor", 6) => new Section(
            SectionKind.Vendor, Number(words[1], line), words[2], words[3], Remark, (int)Number(words[4], line), (int)Number(words[5], line)),
        ("standard" or "values" or "vendor", _) => throw new DictionaryException(line, $"'{words[0]}' takes another number of words."),
        _ => null,
    };

    private void AddEntry(string[] words, int line)
    {
        if (_sections.Count == 0)
            throw new DictionaryException(line, "A section comes first.");

        var section = _sections[_sections.Count - 1];
        var isValue = section.Kind is SectionKind.Values;
        if (isValue ? words.Length != 2 : words.Length is not (3 or 4))
            throw new DictionaryException(line, isValue ? "A value is a number and a name." : "An attribute is a number, a name, a kind and perhaps the name of its values.");

        var entry = new Entry(
            Number(words[0], line), words[1], isValue ? "" : words[2], words.Length == 4 ? words[3] : null, Remark);
        if (section.Entries.Any(other => other.Number == entry.Number || other.Name == entry.Name))
            throw new DictionaryException(line, $"{entry.Number} or {entry.Name} stands twice in {section.Name}.");
        if (!isValue && !AttributeKinds.All.ContainsKey(entry.Kind))
            throw new DictionaryException(line, $"'{entry.Kind}' is no kind of value.");
        if (!entry.Name.StartsWith(section.Prefix, StringComparison.Ordinal))
            throw new DictionaryException(line, $"{entry.Name} does not begin with {section.Prefix}.");
        section.Entries.Add(entry);
    }

    private string Remark => string.Join(" ", _remarks);

    private static uint Number(string word, int line) => uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new DictionaryException(line, $"'{word}' is no number.");
}

internal enum SectionKind
{
    Standard,
    Vendor,
    Values,
}

/// <summary>One space of numbers: the standard attributes, a vendor's, or the values of an attribute.</summary>
/// <param name="prefix">What every public name of the section begins with, and its name in C# does not.</param>
internal sealed class Section(SectionKind kind, uint number, string name, string prefix, string remark, int typeSize, int lengthSize)
{
    public SectionKind Kind { get; } = kind;
    public uint Number { get; } = number;
    public string Name { get; } = name;
    public string Prefix { get; } = prefix == "-" ? "" : prefix;
    public string Remark { get; } = remark;
    public int TypeSize { get; } = typeSize;
    public int LengthSize { get; } = lengthSize;
    public List<Entry> Entries { get; } = [];
}

/// <summary>An attribute, or one of the values of an attribute.</summary>
internal sealed class Entry(uint number, string name, string kind, string? values, string remark)
{
    public uint Number { get; } = number;
    public string Name { get; } = name;
    public string Kind { get; } = kind;
    public string? Values { get; } = values;
    public string Remark { get; } = remark;
}
