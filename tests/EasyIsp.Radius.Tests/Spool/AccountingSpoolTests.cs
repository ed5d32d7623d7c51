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

        next.Settle(taken);
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
            Assert.Equal((length / first, length % first > 0), (read.Records.Count, read.Torn > 0));
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
            Assert.True(read.Torn > 0);
        }
    }

    [Fact]
    public void What_comes_while_some_is_taken_is_taken_after_it()
    {
        using var spool = Open();
        spool.Append([Report("1")]);
        var first = spool.Take();
        spool.Append([Report("2")]);
        Assert.Same(first, spool.Take());
        Assert.Equal(2, spool.Records);

        spool.Settle(first);
        var second = spool.Take();
        Assert.Equal("2", Assert.IsType<SessionReport>(Assert.Single(second.News)).NasSessionId);
        Assert.Single(_directory.Segments);
        spool.Settle(second);
        Assert.Empty(_directory.Segments);
    }

    [Fact]
    public void What_was_written_before_a_crash_is_read_again_though_some_of_it_had_been_settled()
    {
        using (var spool = Open())
        {
            spool.Append([Report("1")]);
            var first = spool.Take();
            spool.Append([Report("2")]);
            spool.Settle(first);
        }

        using var next = Open();
        Assert.Equal(["1", "2"], next.Take().News.Select(news => ((SessionReport)news).NasSessionId));
    }

    [Fact]
    public void What_is_more_than_is_remembered_is_read_from_disk_and_then_remembered_again()
    {
        const int Reports = AccountingSpool.MostRemembered + 2_000;
        using var spool = Open(maxBytes: 100_000_000);
        foreach (var numbers in Enumerable.Range(0, Reports).Chunk(1000))
            spool.Append([.. numbers.Select(number => Report($"{number}"))]);
        Assert.Equal(1, spool.Fullness);
        Assert.True(_directory.Segments.Length > 1);

        var read = new List<SessionNews>();
        while (!spool.IsEmpty)
        {
            var taken = spool.Take();
            read.AddRange(taken.News);
            spool.Settle(taken);
        }

        Assert.Equal(Enumerable.Range(0, Reports).Select(number => $"{number}"), read.Select(news => ((SessionReport)news).NasSessionId));
        Assert.Empty(_directory.Segments);
        spool.Append([Report("again")]);
        Assert.InRange(spool.Fullness, 0, 0.1);
    }

    [Fact]
    public async Task Where_much_comes_room_is_made_beforehand_and_what_is_written_into_it_is_read_like_any_other()
    {
        const int Reports = 60_000;
        using (var spool = Open(maxBytes: 100_000_000))
        {
            foreach (var numbers in Enumerable.Range(0, Reports).Chunk(500))
            {
                spool.Append([.. numbers.Select(number => Report($"{number}"))]);
                await Task.Yield();
            }

            await Worker.Isp.EventuallyAsync(() =>
            {
                spool.Append([Report("more")]);
                return Task.FromResult(_directory.Segments.Select(path => new FileInfo(path).Length).Count(length => length >= AccountingSpool.SegmentBytes) > 1);
            });
        }

        using var next = Open(maxBytes: 100_000_000);
        var read = new List<string>();
        while (!next.IsEmpty)
        {
            var taken = next.Take();
            Assert.Empty(taken.Damaged);
            read.AddRange(taken.News.Select(news => ((SessionReport)news).NasSessionId));
            next.Settle(taken);
        }

        Assert.Equal(Enumerable.Range(0, Reports).Select(number => $"{number}"), read.Where(name => name != "more"));
        Assert.Empty(_directory.Segments);
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
        spool.Settle(full);
        spool.Append([Report("1")]);
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
