using System.ComponentModel.DataAnnotations;
using System.Net;
using EasyIsp.Radius.Listen;

namespace EasyIsp.Radius;

/// <summary>The <c>Radius</c> section.</summary>
internal sealed class RadiusOptions : IValidatableObject
{
    public const string Section = "Radius";

    /// <summary>Where requests are received and orders are sent from: a concrete address, or a wildcard for all there are at start.</summary>
    public string Address { get; set; } = "127.0.0.1";

    [Range(0, 65535)]
    public int AuthPort { get; set; } = 1812;

    [Range(0, 65535)]
    public int AcctPort { get; set; } = 1813;

    /// <summary>
    /// Threads that receive on each port. One answers 80,000 logins from memory a second; the others want processors of
    /// their own, beside the database's.
    /// </summary>
    [Range(1, 64)]
    public int Receivers { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    /// <summary>How often a NAS is asked to report a session. Three of them unheard make it stale.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan InterimInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>From a request's arrival to its Access-Reject: slows guessing, and hides how a refusal was found.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan RejectDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A hotspot device silent for so long is logged out; null leaves it to the router's profile.</summary>
    public TimeSpan? HotspotIdleTimeout { get; set; }

    /// <summary>
    /// How long a DHCP server may lease an address before it asks again: what ends, and who is suspended, is off the network
    /// by then, since a lease cannot be taken back by RADIUS.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan DhcpLease { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A database that has not stored accounting in this time is taken to be away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan DatabasePatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A directory of this worker's own, where accounting is kept until the database has it: for a moment, or as long as
    /// that is away. Null: what the database does not take is not answered.
    /// </summary>
    public string? SpoolPath { get; set; }

    /// <summary>Where accounting is before it is answered, if there is a <see cref="SpoolPath"/>.</summary>
    public AccountingPlace AnswerAccountingFrom { get; set; } = AccountingPlace.Disk;

    /// <summary>
    /// How long at least what is kept there gathers before the database gets it together; the more there is, the longer, up
    /// to a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan SpoolPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Room for what waits there; with none left, accounting is left unanswered. A record takes about 200.</summary>
    [Range(1_000_000L, 1_000_000_000_000L)]
    public long SpoolMaxBytes { get; set; } = 1_000_000_000;

    /// <summary>Customers remembered after a login, about a kilobyte each; of more, some are forgotten and read again.</summary>
    [Range(16, 10_000_000)]
    public int SubscriberCapacity { get; set; } = 1_000_000;

    /// <summary>Requests whose replies are remembered, for each of the two ports.</summary>
    [Range(256, 4_194_304)]
    public int ReplyCacheCapacity { get; set; } = ReplyCache.DefaultCapacity;

    /// <summary>Requests of one router in work at once; what is more is dropped, and the router asks again.</summary>
    [Range(16, 8192)]
    public int RequestsOfRouter { get; set; } = 2048;

    /// <summary>Requests of one tenant's routers together in work at once.</summary>
    [Range(16, 8192)]
    public int RequestsOfTenant { get; set; } = 4096;

    /// <summary>Logins that ask the database at once; the others wait, each tenant having its turn.</summary>
    [Range(1, 90)]
    public int LookUpsAtOnce { get; set; } = 32;

    /// <summary>A login that has waited for the database for so long is dropped: its router has given up.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:00:30")]
    public TimeSpan LookUpPatience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the login of somebody who is remembered waits for what the database has to add; then he gets on by memory.
    /// RouterOS waits 1.1 seconds for its answer, three times 0.3 at a hotspot.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan LoginPatience { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>Status-Servers of one router that are answered in a second; what is more is dropped.</summary>
    [Range(1, 10_000)]
    public int StatusServersPerSecond { get; set; } = 10;

    /// <summary>Of one tenant's logins that are let in, those that the log of logins keeps in a second; refusals it keeps all.</summary>
    [Range(1, 10_000)]
    public int LoggedAdmissionsPerSecond { get; set; } = 10;

    internal IPAddress IPAddress => IPAddress.Parse(Address);

    internal TimeSpan StaleAfter => 3 * InterimInterval;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(Address, out _))
            yield return new ValidationResult($"'{Address}' is no IP address.", [nameof(Address)]);
    }
}

/// <summary>Where accounting is durable.</summary>
internal enum AccountingPlace
{
    /// <summary>
    /// On the worker's disk, and in the database within about a second. Of a worker whose disk is lost for ever, what it
    /// answered in its last second is lost.
    /// </summary>
    Disk,

    /// <summary>In the database; while that is away, on the worker's disk.</summary>
    Database,
}
