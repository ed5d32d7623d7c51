using System.Net;
using EasyIsp.Core.Packages;

namespace EasyIsp.Emulators.Demonstration;

/// <summary>What the made-up provider sells, to whom, and where.</summary>
internal static class DemoCatalogue
{
    public const string TenantSlug = "savanna";
    public const string TenantName = "Savanna Net";

    /// <summary>The paybill of the emulated M-Pesa.</summary>
    public const string ShortCode = "600111";

    public static readonly PackageTerms[] HotspotPackages =
    [
        new("Half hour", 5, TimeSpan.FromMinutes(30), 3_000, 1_000),
        new("Night", 10, TimeSpan.FromDays(1), 8_000, 4_000, IsOnPortal: false, Access: new AccessTerms { Hours = AllowedHours.Parse("1234567 22:00-06:00") }),
        new("Hour", 10, TimeSpan.FromHours(1), 4_000, 2_000),
        new("Afternoon", 20, TimeSpan.FromHours(3), 5_000, 2_000),
        new("Day", 50, TimeSpan.FromDays(1), 5_000, 2_000, DataLimitBytes: 5_000_000_000),
        new("Week", 250, TimeSpan.FromDays(7), 6_000, 3_000, SimultaneousSessions: 2),
        new("Month", 800, TimeSpan.FromDays(30), 8_000, 4_000, SimultaneousSessions: 3),
    ];

    public static readonly PackageTerms[] HomePackages =
    [
        new("Home 5 Mbps", 1_500, TimeSpan.FromDays(30), 5_000, 5_000, IsOnPortal: false),
        new("Home 10 Mbps", 2_500, TimeSpan.FromDays(30), 10_000, 10_000, IsOnPortal: false),
        new(
            "Home 20 Mbps", 3_500, TimeSpan.FromDays(30), 20_000, 20_000, IsOnPortal: false,
            Access: new AccessTerms { Burst = new Burst(40_000, 30_000, 16, 15_000, 15_000), AddressList = "fast" }),
        new("Business 50 Mbps", 9_500, TimeSpan.FromDays(30), 50_000, 50_000, IsOnPortal: false),
    ];

    public static readonly (string Name, IPAddress Address, string SiteCode)[] Routers =
    [
        ("Market square", IPAddress.Parse("127.0.1.1"), "market"),
        ("Hill estate", IPAddress.Parse("127.0.1.2"), "hill"),
    ];

    public static readonly (string Role, string Email, string Name)[] Staff =
    [
        ("Admin", "admin@savanna.example", "Amina Hassan"),
        ("Accountant", "accounts@savanna.example", "Peter Otieno"),
        ("Support", "support@savanna.example", "Grace Wanjiru"),
    ];

    public const string SuperAdminEmail = "platform@easyisp.example";

    private static readonly string[] FirstNames =
    [
        "Jane", "Brian", "Faith", "Kevin", "Mercy", "Daniel", "Lucy", "Samuel", "Esther", "Collins", "Halima", "Joseph",
        "Naomi", "Victor", "Ruth", "Abdi", "Caroline", "Dennis", "Zawadi", "George",
    ];

    private static readonly string[] LastNames =
    [
        "Wanjiku", "Odhiambo", "Kiprop", "Mwangi", "Achieng", "Mutua", "Njeri", "Barasa", "Chebet", "Omar", "Kamau",
        "Atieno", "Kariuki", "Wekesa", "Nduta", "Kilonzo", "Jepkosgei", "Maina", "Auma", "Githinji",
    ];

    public static string PersonName(int number)
        => $"{FirstNames[number % FirstNames.Length]} {LastNames[(number * 7 + number / FirstNames.Length) % LastNames.Length]}";

    /// <summary>Numbers whose last three digits trigger nothing in the emulated M-Pesa (mpesa.md, 3.11).</summary>
    public static string Phone(int number) => $"+2547{10_000_000 + number * 1_370 + 450 - number % 7}";
}
