using EasyIsp.Radius.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace EasyIsp.Radius.Tests.Sessions;

/// <summary>Whatever order and number a session's reports arrive in, and however they are grouped, they tell one story.</summary>
public sealed class SessionBookTests
{
    private static readonly DateTimeOffset Started = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Tenant = Guid.CreateVersion7(Started);
    private static readonly Guid Router = Guid.CreateVersion7(Started);

    private readonly FakeTimeProvider _clock = new(Started);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_order_and_repetition_of_the_reports_gives_one_ended_session(bool hasClass)
    {
        Guid? id = hasClass ? Guid.CreateVersion7(Started) : null;
        SessionReport[] reports =
        [
            Report(id, 0, 0) with { IsStart = true },
            Report(id, 300, 10),
            Report(id, 600, 5_000_000_000),
            Report(id, 700, 6_000_000_000) with { End = new SessionEnd(Started.AddSeconds(700), 1) },
        ];
        var random = new Random(1813);
        for (var round = 0; round < 500; round++)
        {
            SessionReport[] arrived = [.. reports, .. random.GetItems(reports, random.Next(4))];
            random.Shuffle(arrived);

            var row = Assert.Single(Write(arrived, random));

            Assert.Equal(
                (6_000_000_000, 700, new SessionEnd(Started.AddSeconds(700), 1), Started, Started.AddSeconds(700)),
                (row.UploadedBytes, row.SessionSeconds, row.End, row.StartedAt, row.LastHeardAt));
            Assert.True(id is null || row.Id == id);
        }
    }

    [Fact]
    public void Two_sessions_under_one_name_stay_two_in_any_order()
    {
        SessionReport[] reports =
        [
            Report(null, 0, 0) with { IsStart = true },
            Report(null, 300, 10),
            Report(null, 400, 20) with { End = new SessionEnd(Started.AddSeconds(400), 2) },
            Later(Report(null, 0, 0) with { IsStart = true }),
            Later(Report(null, 300, 7)),
            Later(Report(null, 500, 9)) with { End = new SessionEnd(Started.AddHours(1).AddSeconds(500), 1) },
        ];
        var random = new Random(2866);
        for (var round = 0; round < 500; round++)
        {
            random.Shuffle(reports);

            var rows = Write(reports, random).OrderBy(row => row.StartedAt).ToArray();

            Assert.Equal([(20L, 2), (9L, 1)], rows.Select(row => (row.UploadedBytes, row.End!.Cause!.Value)));
        }
    }

    [Fact]
    public void A_class_of_another_routers_session_names_none_of_this_one()
    {
        var id = Guid.CreateVersion7(Started);
        var other = Report(id, 10, 1) with { RouterId = Guid.CreateVersion7(Started) };

        var rows = Write([Report(id, 10, 5), other], new Random(1));

        Assert.Equal([1L, 5L], rows.Select(row => row.UploadedBytes).Order());
    }

    /// <summary>In batches of random size, each read from and written back to what stands for the tables.</summary>
    private List<SessionRow> Write(SessionReport[] reports, Random random)
    {
        var stored = new List<SessionRow>();
        for (var from = 0; from < reports.Length;)
        {
            var batch = reports.AsSpan(from, Math.Min(random.Next(1, 4), reports.Length - from));
            var book = new SessionBook(stored, _clock);
            foreach (var report in batch)
                book.Enter(report);

            SessionRow[] changed =
                [.. book.NewlyOpen, .. book.StillOpen, .. book.Closed, .. book.NewlyEnded, .. book.Amended, .. book.Revived];
            stored.RemoveAll(row => changed.Any(other => other.Id == row.Id));
            stored.AddRange(changed);
            Assert.True(stored.Count(row => row.IsOpen) <= 1 || stored.Select(row => row.RouterId).Distinct().Count() > 1);
            from += batch.Length;
        }

        return stored;
    }

    private static SessionReport Report(Guid? id, int seconds, long uploaded) => new(
        Tenant,
        Router,
        id,
        "80100014",
        "ali",
        new SessionOwner("ali"),
        "BC:24:11:EB:56:4D",
        null,
        Started,
        Started.AddSeconds(seconds),
        uploaded,
        0,
        seconds,
        IsStart: false,
        End: null);

    private static SessionReport Later(SessionReport report)
        => report with { StartedAt = report.StartedAt.AddHours(1), HeardAt = report.HeardAt.AddHours(1) };
}
