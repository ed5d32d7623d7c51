using System.Security.Cryptography;
using EasyIsp.Core.Secrets;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Spool;
using EasyIsp.Radius.Tests.Worker;
using EasyIsp.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Tests.Spool;

/// <summary>A record that cannot be read is set aside; it does not hold up the others.</summary>
public sealed class DamagedSpoolTests(PostgresServer server) : IDisposable
{
    private const string Code = "SV-K7M-P2Q-9XD";

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly NewsCodec _codec = CodecOfANewRing();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_the_disk_has_changed_is_set_aside_and_all_others_are_read()
    {
        using (var spool = Open(_codec))
            spool.Append([Report("1"), Report("2"), Report("3")]);
        var file = Assert.Single(_directory.Segments);
        var whole = File.ReadAllBytes(file);
        var size = BitConverter.ToInt32(whole) + SpoolSegment.HeaderSize;

        for (var position = size; position < 2 * size; position++)
        {
            var changed = whole.ToArray();
            changed[position] ^= 0x10;
            File.WriteAllBytes(file, changed);

            using var spool = Open(_codec);
            var taken = spool.Take();
            Assert.Equal(["1", "3"], taken.News.Select(NameOf));
            Assert.Equal(changed[size..(2 * size)], Assert.Single(taken.Damaged).Octets.ToArray());
        }
    }

    [Fact]
    public void What_another_version_wrote_is_set_aside_in_a_file_that_it_can_read_again()
    {
        using (var first = Open(_codec))
            first.Append([Report("1")]);
        var known = File.ReadAllBytes(_directory.Segments[0]);
        var later = SpoolSegment.Framed(new byte[] { 99, 1, 2, 3 }).ToArray();
        File.WriteAllBytes(_directory.Segments[0], [.. known, .. later, .. known]);

        using var spool = Open(_codec);
        var taken = spool.Take();
        spool.Settle(taken);

        Assert.Equal(["1", "1"], taken.News.Select(NameOf));
        var setAside = Assert.Single(SetAside);
        Assert.Equal(later, File.ReadAllBytes(setAside));
        Assert.Equal(later[SpoolSegment.HeaderSize..], Assert.Single(SpoolSegment.Read(setAside).Records).ToArray());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(setAside));
    }

    [Fact]
    public void What_was_set_aside_is_not_written_over_by_a_later_run()
    {
        for (var run = 0; run < 2; run++)
        {
            using (var first = Open(_codec))
                first.Append([Report("1")]);
            File.WriteAllBytes(_directory.Segments[0], SpoolSegment.Framed(new byte[] { 99 }).ToArray());
            using var spool = Open(_codec);
            spool.Settle(spool.Take());
            Assert.True(spool.IsEmpty);
        }

        Assert.Equal(2, SetAside.Length);
    }

    [Fact]
    public void A_name_that_another_installation_has_protected_is_damage()
    {
        using (var spool = Open(_codec))
            spool.Append([Report(Code), Report("2")]);

        using var elsewhere = Open(CodecOfANewRing());
        var taken = elsewhere.Take();

        Assert.Equal(["2"], taken.News.Select(NameOf));
        Assert.Single(taken.Damaged);
    }

    [Fact]
    public void Any_record_cut_short_is_damage_and_nothing_else()
    {
        using var octets = new MemoryStream();
        _codec.Encode(Report(Code), octets);
        var whole = octets.ToArray();

        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => _codec.Decode(whole.AsMemory(0, length)));
        Assert.Equal(Code, NameOf(_codec.Decode(whole)));
    }

    [Fact]
    public async Task While_the_key_ring_cannot_be_read_nothing_is_taken_for_damaged()
    {
        await using var world = await World.OpenAsync(server);
        using (var spool = Open(new NewsCodec(world.Services.GetRequiredService<SecretCodec>())))
            spool.Append([Report(Code), Report("2")]);

        await using var restarted = world.AddTo(new ServiceCollection()).BuildServiceProvider();
        using var next = Open(new NewsCodec(restarted.GetRequiredService<SecretCodec>()));
        await using (await Outage.BeginAsync(world.Database))
            Assert.Throws<CryptographicException>(next.Take);

        var taken = next.Take();
        Assert.Equal([Code, "2"], taken.News.Select(NameOf));
        Assert.Empty(taken.Damaged);
    }

    private string[] SetAside => Directory.GetFiles(_directory.Path, "*.damaged");

    private static NewsCodec CodecOfANewRing() => new(new SecretCodec(new EphemeralDataProtectionProvider()));

    private AccountingSpool Open(NewsCodec codec) => new(
        codec,
        Options.Create(new RadiusOptions { SpoolPath = _directory.Path }),
        TimeProvider.System,
        NullLogger<AccountingSpool>.Instance);

    private static string NameOf(SessionNews news) => Assert.IsType<SessionReport>(news).UserName;

    private static SessionReport Report(string userName) => new(
        Guid.CreateVersion7(Now),
        Guid.CreateVersion7(Now),
        null,
        "8010001a",
        userName,
        null,
        "BC:24:11:EB:56:4D",
        null,
        Now.AddSeconds(-300),
        Now,
        1,
        7,
        300,
        IsStart: false,
        End: null);
}
