using System.Net;
using System.Text;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Emulators.Demonstration.Shoppers;
using EasyIsp.Emulators.Routers;
using EasyIsp.Emulators.Sms;

namespace EasyIsp.Emulators.Control;

/// <summary>The outside world at a glance: where to be a phone at a hotspot, which phones are being asked, what texts arrived.</summary>
internal static class ControlPage
{
    private const int Newest = 15;

    public static void MapControlPage(this IEndpointRouteBuilder endpoints)
        => endpoints.MapGet("/", (EmulatedRouters routers, DarajaEmulator daraja, SmsInbox inbox, DemoShoppers shoppers)
            => Results.Content(Render(routers, daraja, inbox, shoppers), "text/html; charset=utf-8"));

    private static string Render(EmulatedRouters routers, DarajaEmulator daraja, SmsInbox inbox, DemoShoppers shoppers)
    {
        var page = new StringBuilder("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="5"><title>The world outside EasyISP</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
            h2{margin-top:2rem;font-size:1.2rem}</style></head><body><h1>The world outside EasyISP</h1>
            <p>Emulated routers, M-Pesa and SMS gateway of the demonstration. A hotspot link makes this browser a new phone there.</p>
            """);
        page.Append("<h2>Hotspots</h2><table><tr><th>Router</th><th>Be a phone here</th><th>Online</th></tr>");
        foreach (var router in routers.All)
        {
            page.Append(CultureInvariant($"<tr><td>{Text(router.Options.Name)}</td><td><a href=\"{Text(router.HotspotUrl)}\">{Text(router.HotspotUrl)}</a></td>"));
            page.Append(CultureInvariant($"<td>{router.Sessions.Count}</td></tr>"));
        }

        page.Append("</table>").Append(ShoppersSection.Render(shoppers)).Append("<h2>M-Pesa prompts</h2><table><tr><th>Phone</th><th>Amount</th><th>State</th></tr>");
        foreach (var prompt in daraja.Prompts.Reverse().Take(Newest))
        {
            var state = prompt.ResultCode switch { null => "on the phone", "0" => "paid", var code => $"ended with {code}" };
            page.Append(CultureInvariant($"<tr><td>{Text(prompt.Request.Msisdn)}</td><td>{prompt.Request.Amount:0}</td><td>{Text(state)}</td></tr>"));
        }

        page.Append("</table><h2>Text messages</h2><table><tr><th>To</th><th>Text</th></tr>");
        foreach (var message in inbox.Messages.Reverse().Take(Newest))
            page.Append(CultureInvariant($"<tr><td>{Text(message.Mobile)}</td><td>{Text(message.Text)}</td></tr>"));
        return page.Append("</table></body></html>").ToString();
    }

    private static string Text(object? value) => WebUtility.HtmlEncode(value?.ToString() ?? "");

    private static string CultureInvariant(FormattableString text) => FormattableString.Invariant(text);
}
