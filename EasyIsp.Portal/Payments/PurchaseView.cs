using EasyIsp.Core.Hotspot;
using EasyIsp.Core.Payments.Daraja;

namespace EasyIsp.Portal.Payments;

/// <summary>How far a purchase is, as its payer sees it.</summary>
internal enum PurchaseStage
{
    /// <summary>The prompt is on its way or on the phone.</summary>
    Waiting,

    /// <summary>The payer need not wait any longer; we go on asking.</summary>
    StillLooking,

    NotPaid,

    /// <summary>Paid; the router is being told.</summary>
    BringingOnline,

    /// <summary>Paid; the browser has to log in by itself.</summary>
    GoOnline,

    Online,

    /// <summary>Paid, but there is no way to bring the device online from here.</summary>
    Paid,
}

/// <summary>One purchase of one visit.</summary>
/// <param name="Message">Why nothing was paid; null in every other stage.</param>
/// <param name="Access">What the payer has now; null before it is paid.</param>
internal sealed record PurchaseView(
    PurchaseStage Stage, Guid RequestId, Guid PackageId, decimal Amount, string Phone, PayerMessage? Message, AccessNow? Access);
