namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>The customers of one router, handed out in turn.</summary>
internal sealed class Turns(IReadOnlyList<Customer> customers, bool isOnce)
{
    private int _next;

    public bool TryTake(out Customer? customer)
    {
        customer = null;
        if (customers.Count == 0 || (isOnce && _next >= customers.Count))
            return false;
        customer = customers[_next++ % customers.Count];
        return true;
    }
}

/// <summary>One customer after the other goes through the steps; at most one request is under way.</summary>
internal sealed class Lane(IReadOnlyList<RequestKind> steps, Turns turns)
{
    private int _step = steps.Count - 1;

    public Customer Customer { get; private set; } = null!;

    public RequestKind Step => steps[_step];

    /// <summary>False when nobody is left.</summary>
    public bool TryAdvance()
    {
        if (++_step < steps.Count)
            return true;
        if (!turns.TryTake(out var customer))
            return false;
        (Customer, _step) = (customer!, 0);
        return true;
    }

    /// <summary>A session that missed an answer is left.</summary>
    public void GiveUp() => _step = steps.Count - 1;
}
