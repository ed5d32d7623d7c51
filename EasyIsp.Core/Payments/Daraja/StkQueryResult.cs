namespace EasyIsp.Core.Payments.Daraja;

/// <summary>What Daraja says about an earlier push.</summary>
public abstract record StkQueryResult
{
    private StkQueryResult()
    {
    }

    /// <summary>Paid. The query tells no receipt and no amount: those come by callback, confirmation or statement.</summary>
    public sealed record Paid : StkQueryResult;

    public sealed record Failed(string Code, string Description) : StkQueryResult;

    public sealed record StillPending : StkQueryResult;

    /// <summary>Nothing was learnt; ask again. Never a failure: finished payments are answered so now and then.</summary>
    public sealed record NoAnswer(string Reason) : StkQueryResult;
}
