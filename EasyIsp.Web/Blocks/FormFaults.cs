namespace EasyIsp.Web.Blocks;

/// <summary>
/// What is wrong with a form, as the domain names it, and which of it is shown: a field's fault appears when the field
/// is left, all of them when the form is sent.
/// </summary>
internal sealed class FormFaults<TFault>(Func<IReadOnlyCollection<TFault>> ask, Func<TFault, string> words) where TFault : notnull
{
    private readonly HashSet<TFault> _left = [];
    private readonly HashSet<TFault> _refused = [];
    private IReadOnlyCollection<TFault> _faults = [];
    private bool _wasSent;

    /// <summary>The sentence to show under a field that can have any of these faults.</summary>
    public string? Of(params ReadOnlySpan<TFault> faults)
    {
        foreach (var fault in faults)
        {
            if (_refused.Contains(fault) || (_faults.Contains(fault) && (_wasSent || _left.Contains(fault))))
                return words(fault);
        }

        return null;
    }

    /// <summary>The person has left the field; what the desk had refused about it may be mended.</summary>
    public void Leave(params IEnumerable<TFault> faults)
    {
        foreach (var fault in faults)
        {
            _left.Add(fault);
            _refused.Remove(fault);
        }

        _faults = ask();
    }

    /// <returns>True when the form may be sent.</returns>
    public bool MaySend()
    {
        (_wasSent, _faults) = (true, ask());
        _refused.Clear();
        return _faults.Count == 0;
    }

    /// <summary>The desk found what only the database knows.</summary>
    public void Refuse(IEnumerable<TFault> faults) => _refused.UnionWith(faults);
}
