using System.Net;
using System.Text;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Spool;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Spool;

public sealed class AccountingSpoolTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Tenant = Guid.CreateVersion7(Now);
    private static readonly Guid Router = Guid.CreateVersion7(Now);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly NewsCodec _codec = new(new SecretCodec(new EphemeralDataProtectionProvider()));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_appended_is_read_again_in_its_order_also_by_the_next_run()
    {
        SessionNews[] news =
        [
            Report("8010001a"),
            Report("8010001a") with
            {
                SessionId = Guid.CreateVersion7(Now),
                Owner = new SessionOwner("voucher:1001", Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), Guid.CreateVersion7(Now)),
                Address = IPAddress.Parse("2001:db8::1"),
                MacAddress = null,
                End = new SessionEnd(Now, 4),
                MayWrap = true,
            },
            new RouterRestarted(Tenant, Router, Now, 11),
            new SessionCut(Tenant, Router, Guid.CreateVersion7(Now), null),
            new SessionCut(Tenant, Router, Guid.CreateVersion7(Now), Now),
        ];
        using (var spool = Open())
        {
            spool.Append(news[..2]);
            spool.Append(news[2..]);
        }

        using var next = Open();
        Assert.Equal(5, next.Records);
        var taken = next.Take();
        // The typed name goes where the owner is known.
        news[1] = (SessionReport)news[1] with { UserName = "voucher:1001" };
        Assert.Equal(news, taken.News);

        next.Delete(taken);
        Assert.True(next.IsEmpty);
        Assert.Empty(_directory.Segments);
    }

    [Fact]
    public void However_much_of_the_last_record_a_crash_tore_off_the_ones_before_it_are_whole()
    {
        using (var spool = Open())
            spool.Append([Report("1"), Report("2"), Report("3")]);
        var whole = File.ReadAllBytes(_directory.Segments[0]);
        var (first, _) = Lengths(whole);

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_directory.Segments[0], whole[..length]);
            var read = SpoolSegment.Read(_directory.Segments[0]);
            Assert.Equal((length / first, length % first), (read.Records.Count, read.Torn));
            Assert.Empty(read.Broken);
        }
    }

    [Fact]
    public void A_record_that_the_disk_has_changed_is_not_believed()
    {
        using (var spool = Open())
            spool.Append([Report("1"), Report("2")]);
        var file = _directory.Segments[0];
        var whole = File.ReadAllBytes(file);
        var (first, _) = Lengths(whole);

        for (var position = first; position < whole.Length; position++)
        {
            var changed = whole.ToArray();
            changed[position] ^= 0x10;
            File.WriteAllBytes(file, changed);
            var read = SpoolSegment.Read(file);
            Assert.Single(read.Records);
            Assert.Equal(whole.Length - first, read.Torn);
        }
    }

    [Fact]
    public void A_segment_that_is_being_read_is_added_to_no_more()
    {
        using var spool = Open();
        spool.Append([Report("1")]);
        var first = spool.Take();
        Assert.Single(first.News);
        spool.Append([Report("2")]);
        Assert.Equal(2, _directory.Segments.Length);

        spool.Delete(first);
        Assert.Equal("2", Assert.IsType<SessionReport>(Assert.Single(spool.Take().News)).NasSessionId);
    }

    [Fact]
    public void A_full_spool_takes_no_more_and_loses_nothing()
    {
        using var spool = Open(maxBytes: 1000);
        var taken = 0;
        NotRecordedException? refused = null;
        while (refused is null)
        {
            try
            {
                spool.Append([Report("1")]);
                taken++;
            }
            catch (NotRecordedException exception)
            {
                refused = exception;
            }
        }

        Assert.True(refused.IsSpoolFull);
        Assert.InRange(spool.Bytes, 500, 1000);
        var full = spool.Take();
        Assert.Equal(taken, full.News.Count);
        spool.Delete(full);
        spool.Append([Report("1")]);
    }

    [Fact]
    public void Without_a_directory_nothing_is_kept()
    {
        using var spool = new AccountingSpool(
            _codec, Options.Create(new RadiusOptions()), _clock, NullLogger<AccountingSpool>.Instance);

        Assert.False(Assert.Throws<NotRecordedException>(() => spool.Append([Report("1")])).IsSpoolFull);
        Assert.True(spool.IsEmpty);
    }

    [Fact]
    public void One_process_has_the_directory()
    {
        using var spool = Open();

        Assert.Throws<IOException>(() => Open());
    }

    [Fact]
    public void The_files_are_their_owners_alone_and_a_code_that_somebody_typed_is_not_readable_in_them()
    {
        using var spool = Open();
        spool.Append([Report("1") with { UserName = "SV-K7M-P2Q-9XD", Owner = null }]);

        var octets = Encoding.Latin1.GetString(File.ReadAllBytes(_directory.Segments[0]));
        Assert.DoesNotContain("K7M", octets, StringComparison.Ordinal);
        Assert.Equal("SV-K7M-P2Q-9XD", ((SessionReport)spool.Take().News[0]).UserName);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.Segments[0]));
    }

    [Fact]
    public void It_says_how_long_the_first_has_waited()
    {
        using var spool = Open();
        Assert.Null(spool.Age);

        spool.Append([Report("1")]);
        _clock.Advance(TimeSpan.FromMinutes(3));
        spool.Append([Report("2")]);

        Assert.Equal(TimeSpan.FromMinutes(3), spool.Age);
        Assert.Equal(2, spool.Records);
    }

    private AccountingSpool Open(long maxBytes = 1_000_000) => new(
        _codec,
        Options.Create(new RadiusOptions { SpoolPath = _directory.Path, SpoolMaxBytes = maxBytes }),
        _clock,
        NullLogger<AccountingSpool>.Instance);

    private static (int First, int Last) Lengths(byte[] whole)
    {
        var first = BitConverter.ToInt32(whole) + SpoolSegment.HeaderSize;
        return (first, whole.Length - first);
    }

    private static SessionReport Report(string nasSessionId) => new(
        Tenant,
        Router,
        null,
        nasSessionId,
        "ali@home",
        null,
        "BC:24:11:EB:56:4D",
        IPAddress.Parse("10.5.88.20"),
        Now.AddSeconds(-300),
        Now,
        1L << 40,
        7,
        300,
        IsStart: false,
        End: null);
}
