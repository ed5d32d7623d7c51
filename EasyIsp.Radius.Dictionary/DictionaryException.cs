using System;

namespace EasyIsp.Radius.Dictionary;

/// <summary>Thrown where a line of the dictionary says nothing that can be understood, or says it twice.</summary>
internal sealed class DictionaryException(int line, string message) : Exception(message)
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;
}
