using EasyIsp.Core.Reports;

namespace EasyIsp.Web.Sessions.Statistics;

/// <summary>The tables of the statistics as files: the same figures, in seconds and octets.</summary>
internal static class StatisticsCsv
{
    private const string SumsHeader = "Sessions,Begun,Ended,Online hours,Average session (s),Downloaded (B),Uploaded (B)";

    public static (string Header, IEnumerable<IReadOnlyList<object?>> Rows)? Of(string table, SessionFigures figures) => table switch
    {
        "hours" => ("Hour,Online on average,Highest at once", figures.Busy.Hours.Select(hour => Row(hour.Local, hour.Average, hour.Peak))),
        "days" => ($"Day,{SumsHeader},Highest at once", figures.Days.Select(day => Row([day.Day, .. Cells(day.Sums), day.Peak]))),
        "routers" => ($"Router,{SumsHeader},Customers a day,Lost", figures.Routers.Select(place => Row([NameOf(place, "No router"), .. Cells(place.Sums), place.CustomersADay, place.Lost]))),
        "packages" => ($"Package,{SumsHeader},Customers a day", figures.Packages.Select(place => Row([NameOf(place, "No package"), .. Cells(place.Sums), place.CustomersADay]))),
        "endings" => ("Ended because,Times,Most at,Times there", figures.Endings.Select(ending => Row(TerminateCauses.InWords(ending.Cause), ending.Times, ending.WorstRouter, ending.TimesThere))),
        "refusals" => ("Refused because,Times", figures.Refusals.Select(refusal => Row(LoginWords.OfReason(refusal.Reason), refusal.Times))),
        _ => null,
    };

    public static (string Header, IEnumerable<IReadOnlyList<object?>> Rows) Of(CustomerFigures figures) => (
        "Account,Customer,Downloaded (B),Uploaded (B),Online hours",
        figures.Top.Select(customer => Row(customer.Number, customer.Name, customer.DownloadedBytes, customer.UploadedBytes, customer.Online.TotalHours)));

    public static string NameOf(PlaceFigures place, string none) => place.Name ?? (place.Id is null ? none : "Deleted");

    private static object?[] Cells(SessionSums sums) =>
        [sums.Sessions, sums.Begun, sums.Ended, sums.Online.TotalHours, sums.Average is { } average ? (long)average.TotalSeconds : null, sums.DownloadedBytes, sums.UploadedBytes];

    private static object?[] Row(params object?[] cells) => cells;
}
