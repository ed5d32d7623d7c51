using System.Globalization;
using EasyIsp.Core.Sessions.Attempts;

namespace EasyIsp.Radius.Policy;

/// <summary>
/// What a refused person reads: the hotspot shows Reply-Message on its login page. Whoever has not proved who he is
/// always reads the same.
/// </summary>
internal static class RefusalTexts
{
    private static readonly string[] SwahiliDays = ["Jumapili", "Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi"];

    /// <param name="now">By the same clock as <paramref name="opensAt"/>: the day is named where it is not today.</param>
    /// <param name="opensAt">When the package's hours begin again, by the tenant's clock.</param>
    public static string In(string language, Refusal refusal, DateTimeOffset now = default, DateTimeOffset? opensAt = null)
    {
        var text = language == "sw" ? Swahili(refusal) : English(refusal);
        return refusal is Refusal.OutsideHours && opensAt is { } at ? text + Opening(language, at, now) : text;
    }

    private static string Opening(string language, DateTimeOffset at, DateTimeOffset now)
    {
        var isToday = at.Date == now.ToOffset(at.Offset).Date;
        var time = at.ToString("HH:mm", CultureInfo.InvariantCulture);
        return language == "sw"
            ? $". Zitafunguka tena {(isToday ? "leo" : SwahiliDays[(int)at.DayOfWeek])} saa {time}"
            : $". It opens again {(isToday ? "today" : $"on {at.DayOfWeek}")} at {time}";
    }

    private static string English(Refusal refusal) => refusal switch
    {
        Refusal.MsChapV1 => "MS-CHAP version 1 is not safe. Please set your router to MS-CHAP version 2 or CHAP",
        Refusal.TenantSuspended => "This network is not in service at the moment",
        Refusal.CustomerSuspended => "Your account is suspended. Please call us",
        Refusal.WrongAccessType => "Your account is for another kind of connection",
        Refusal.NoSubscription => "You have no package. Please buy one",
        Refusal.SubscriptionNotBegun => "Your package has not begun yet",
        Refusal.SubscriptionExpired => "Your package has ended. Please buy again",
        Refusal.DataUsedUp => "Your data is used up. Please buy again",
        Refusal.TooManyDevices => "Your package is in use on another device",
        Refusal.WrongDevice => "Your account is for another device. Please call us",
        Refusal.WrongRouter => "Your package is not for this place. Please call us",
        Refusal.OutsideHours => "Your package is for other hours",
        Refusal.VoucherExpired => "This voucher is past its date",
        Refusal.VoucherRevoked => "This voucher is no longer valid",
        Refusal.VoucherNotSold => "This voucher's package is no longer available. Please call us",
        Refusal.TooManyTries => "Too many tries. Please wait a minute",
        _ => "Wrong user name or password",
    };

    private static string Swahili(Refusal refusal) => refusal switch
    {
        Refusal.MsChapV1 => "MS-CHAP toleo la 1 si salama. Tafadhali weka ruta yako kwenye MS-CHAP toleo la 2 au CHAP",
        Refusal.TenantSuspended => "Mtandao huu haupatikani kwa sasa",
        Refusal.CustomerSuspended => "Akaunti yako imesimamishwa. Tafadhali tupigie simu",
        Refusal.WrongAccessType => "Akaunti yako ni ya aina nyingine ya muunganisho",
        Refusal.NoSubscription => "Huna kifurushi. Tafadhali nunua",
        Refusal.SubscriptionNotBegun => "Kifurushi chako bado hakijaanza",
        Refusal.SubscriptionExpired => "Kifurushi chako kimeisha. Tafadhali nunua tena",
        Refusal.DataUsedUp => "Data yako imeisha. Tafadhali nunua tena",
        Refusal.TooManyDevices => "Kifurushi chako kinatumika kwenye kifaa kingine",
        Refusal.WrongDevice => "Akaunti yako ni ya kifaa kingine. Tafadhali tupigie simu",
        Refusal.WrongRouter => "Kifurushi chako si cha mahali hapa. Tafadhali tupigie simu",
        Refusal.OutsideHours => "Saa hizi si za kifurushi chako",
        Refusal.VoucherExpired => "Vocha hii imepita tarehe yake",
        Refusal.VoucherRevoked => "Vocha hii haitumiki tena",
        Refusal.VoucherNotSold => "Kifurushi cha vocha hii hakipatikani tena. Tafadhali tupigie simu",
        Refusal.TooManyTries => "Umejaribu mara nyingi. Tafadhali subiri dakika moja",
        _ => "Jina au neno la siri si sahihi",
    };
}
