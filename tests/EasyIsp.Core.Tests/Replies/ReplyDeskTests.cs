using EasyIsp.Core.Replies;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Replies;

public sealed class ReplyDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly ReplyDraft[] Two = [new("Filter-Id", "a.in"), new("Filter-Id", "a.out")];

    private World _world = null!;
    private ReplyOwner _package;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _package = new ReplyOwner(ReplyOwnerKind.Package, (await _world.AddPackageAsync()).Id);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Attributes_are_replaced_as_one_list_in_the_dictionarys_spelling()
    {
        Assert.IsType<ReplyOutcome.Saved>(await ReplaceAsync([new("filter-id", "old"), new("Framed-MTU", "1480")], []));
        Assert.IsType<ReplyOutcome.Saved>(await ReplaceAsync(Two, [new("Filter-Id", "old"), new("Framed-MTU", "1480")]));

        Assert.Equal(Two, await _world.AsTenantAsync<ReplyDesk, IReadOnlyList<ReplyDraft>>(desk => desk.ListAsync(_package, CancellationToken.None)));
        Assert.Equal(2, await _world.ReadAsync(db => db.AuditEvents.CountAsync(e => e.Action == "package.set-attributes" && e.SubjectId == _package.Id)));
    }

    [Fact]
    public async Task A_colleagues_change_is_not_overwritten()
    {
        await ReplaceAsync(Two, []);

        Assert.IsType<ReplyOutcome.ChangedMeanwhile>(await ReplaceAsync([], []));
    }

    [Fact]
    public async Task What_is_not_there_any_more_gets_no_attributes()
        => Assert.IsType<ReplyOutcome.Gone>(await _world.AsTenantAsync<ReplyDesk, ReplyOutcome>(
            desk => desk.ReplaceAsync(new ReplyOwner(ReplyOwnerKind.Router, _world.TenantId), Two, [], CancellationToken.None)));

    private Task<ReplyOutcome> ReplaceAsync(ReplyDraft[] drafts, ReplyDraft[] original)
        => _world.AsTenantAsync<ReplyDesk, ReplyOutcome>(desk => desk.ReplaceAsync(_package, drafts, original, CancellationToken.None));
}
