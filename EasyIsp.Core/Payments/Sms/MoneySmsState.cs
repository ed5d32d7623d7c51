namespace EasyIsp.Core.Payments.Sms;

/// <summary>Where an SMS stands. It follows from the facts, and from the time.</summary>
public enum MoneySmsState
{
    Unread,

    /// <summary>For the provider's own word.</summary>
    Waiting,

    /// <summary>The provider has said nothing for <see cref="MoneySms.ConfirmedWithin"/>.</summary>
    NotConfirmed,
    Confirmed,

    /// <summary>It made a payment; the provider has not confirmed it.</summary>
    Booked,

    /// <summary>The books say something else of its receipt.</summary>
    Differs,
    Reversal,
    LookUp,
    Nothing,
    Quarantined,
    PutAway,
}

public static class MoneySmsStates
{
    public static MoneySmsState Of(MoneySmsOutcome? outcome, DateTimeOffset receivedAt, bool isBooked, bool isConfirmed, bool isPutAway, DateTimeOffset now) => outcome switch
    {
        _ when isPutAway => MoneySmsState.PutAway,
        null => MoneySmsState.Unread,
        MoneySmsOutcome.Malformed or MoneySmsOutcome.NotRecognised => MoneySmsState.Quarantined,
        MoneySmsOutcome.Differs or MoneySmsOutcome.ReceiptTaken => MoneySmsState.Differs,
        MoneySmsOutcome.Reversal => MoneySmsState.Reversal,
        MoneySmsOutcome.LookUp => MoneySmsState.LookUp,
        MoneySmsOutcome.Nothing => MoneySmsState.Nothing,
        _ when isConfirmed => MoneySmsState.Confirmed,
        _ when isBooked => MoneySmsState.Booked,
        _ => receivedAt > now - MoneySms.ConfirmedWithin ? MoneySmsState.Waiting : MoneySmsState.NotConfirmed,
    };

    /// <summary>Waits for a person.</summary>
    public static bool NeedsAPerson(MoneySmsState state)
        => state is MoneySmsState.Quarantined or MoneySmsState.Differs or MoneySmsState.Reversal or MoneySmsState.NotConfirmed;
}
