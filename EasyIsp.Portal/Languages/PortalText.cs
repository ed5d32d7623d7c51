using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using EasyIsp.Core.Payments.Daraja;

namespace EasyIsp.Portal.Languages;

/// <summary>
/// Every sentence of the portal in one language. A key is the property's name; <c>.one</c> and <c>.other</c> are its
/// plurals. A theme's <c>strings.{language}.json</c> may replace any of them.
/// </summary>
internal sealed class PortalText(CultureInfo culture, FrozenDictionary<string, string> sentences)
{
    public CultureInfo Culture => culture;

    /// <summary>ISO 639-1, also the value of <c>?lang=</c>.</summary>
    public string Language => culture.TwoLetterISOLanguageName;

    public string LanguageName => Say();
    public string ChoosePackage => Say();
    public string BuyMore => Say();
    public string NothingOnSale => Say();
    public string PackageGone => Say();
    public string Unlimited => Say();
    public string YouAreOnline => Say();
    public string TimeLeftHeading => Say();
    public string DataUsedUp => Say();
    public string Suspended => Say();
    public string GoOnline => Say();
    public string ContinueBrowsing => Say();
    public string HaveVoucher => Say();
    public string VoucherLabel => Say();
    public string UseVoucher => Say();
    public string VoucherUnknown => Say();
    public string VoucherMistyped => Say();
    public string VoucherUsed => Say();
    public string VoucherUsedHere => Say();
    public string VoucherRevoked => Say();
    public string VoucherPackageGone => Say();
    public string PaidAlready => Say();
    public string ReceiptHeading => Say();
    public string ReceiptLabel => Say();
    public string ReceiptHint => Say();
    public string FindPayment => Say();
    public string ReceiptMalformed => Say();
    public string ReceiptUnknown => Say();
    public string ReceiptOver => Say();
    public string ClaimAsking => Say();
    public string ClaimFound => Say();
    public string ClaimElsewhere => Say();
    public string ClaimNotFound => Say();
    public string ClaimSilent => Say();
    public string PhoneLabel => Say();
    public string PhoneHint => Say();
    public string PayThrough => Say();
    public string Back => Say();
    public string CheckPhone => Say();
    public string StayHere => Say();
    public string StillLooking => Say();
    public string StillLookingText => Say();
    public string LookAgain => Say();
    public string NotPaidHeading => Say();
    public string TryAgain => Say();
    public string OtherNumber => Say();
    public string Paid => Say();
    public string BringingOnline => Say();
    public string GoingOnline => Say();
    public string TapIfNothing => Say();
    public string OneMoment => Say();
    public string NotOnlineYet => Say();
    public string NotOnlineYetText => Say();
    public string Refused => Say();
    public string NotAtHotspot => Say();
    public string NotFoundHeading => Say();
    public string NotFoundText => Say();
    public string ErrorHeading => Say();
    public string ErrorText => Say();
    public string BusyHeading => Say();
    public string BusyText => Say();
    public string TooManyHeading => Say();
    public string ClosedHeading => Say();
    public string ClosedText => Say();

    public string UpTo(string speed) => Fill(speed);
    public string Then(string speed) => Fill(speed);
    public string Until(string when) => Fill(when);
    public string TimeLeft(string time) => Fill(time);
    public string DataLeft(string data) => Fill(data);
    public string VoucherExpired(string when) => Fill(when);
    public string PhoneWrong(string example) => Fill(example);
    public string Pay(string amount) => Fill(amount);
    public string EnterPin(string amount) => Fill(amount);

    public string ClaimAskingText(string receipt) => Fill(receipt);

    public string ClaimFoundText(string receipt) => Fill(receipt);
    public string SentTo(string phone) => Fill(phone);
    public string PaidUntil(string when) => Fill(when);
    public string NotAtHotspotPaid(string when) => Fill(when);
    public string Help(string phone) => Fill(phone);
    public string Tomorrow(string time) => Fill(time);

    /// <param name="time">As in "40 seconds".</param>
    public string TooManyTries(string time) => Fill(time);

    public string Devices(int count) => Count(count);
    /// <summary>Seconds below a minute, whole minutes from there.</summary>
    public string Wait(TimeSpan time)
        => time < TimeSpan.FromMinutes(1) ? Seconds(Math.Max(1, (int)Math.Ceiling(time.TotalSeconds))) : Minutes((int)Math.Ceiling(time.TotalMinutes));

    public string Seconds(int count) => Count(count);
    public string Minutes(int count) => Count(count);
    public string Hours(int count) => Count(count);
    public string Days(int count) => Count(count);

    public string For(PayerMessage message) => sentences[$"Payer.{message}"];

    private string Say([CallerMemberName] string key = "") => sentences[key];

    private string Fill(string value, [CallerMemberName] string key = "") => string.Format(culture, sentences[key], value);

    private string Count(int count, [CallerMemberName] string key = "")
        => string.Format(culture, sentences[count == 1 ? $"{key}.one" : $"{key}.other"], count);
}
