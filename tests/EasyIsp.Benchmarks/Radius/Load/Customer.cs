namespace EasyIsp.Benchmarks.Radius.Load;

/// <summary>One of the run's customers: who he is follows from his number, so generator and seeding need not talk.</summary>
internal sealed class Customer(int number)
{
    /// <summary>RouterOS's example of a good secret is longer; the length costs the same on both servers.</summary>
    public const string RouterSecret = "bench-router-secret";

    public const int DownloadKbps = 10_000;
    public const int UploadKbps = 2_000;

    public string UserName { get; } = UserNameOf(number);
    public string Password { get; } = PasswordOf(number);
    public string MacAddress { get; } = FormattableString.Invariant($"02:00:{number >> 24 & 255:X2}:{number >> 16 & 255:X2}:{number >> 8 & 255:X2}:{number & 255:X2}");

    /// <summary>In 10.0.0.0/8.</summary>
    public uint Address { get; } = 0x0A00_0000u | (uint)number & 0xFF_FFFF;

    /// <summary>The last Accept's Class, which a router returns with each report.</summary>
    public byte[]? Class { get; set; }

    /// <summary>Computed before he logs in by MS-CHAPv2.</summary>
    public MsChapProof? MsChap { get; set; }

    public int Sessions { get; private set; }
    public string SessionId { get; private set; } = "";
    public long StartedAt { get; private set; }

    /// <summary>Interims sent of the present session: its counters grow with them.</summary>
    public uint Interims { get; set; }

    public static string UserNameOf(int number) => FormattableString.Invariant($"customer{number:D7}");

    public static string PasswordOf(int number) => FormattableString.Invariant($"pw{number * 7919L % 10_000_019:D8}");

    public void BeginSession(long now)
    {
        (StartedAt, Interims) = (now, 0);
        SessionId = FormattableString.Invariant($"81{++Sessions & 255:x2}{number:x8}");
    }
}
