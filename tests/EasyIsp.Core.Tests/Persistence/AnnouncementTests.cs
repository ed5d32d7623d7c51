using EasyIsp.Testing;
using Npgsql;
using Xunit;

namespace EasyIsp.Core.Tests.Persistence;

public sealed class AnnouncementTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _router;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _router = await _world.RouterAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task That_a_router_is_heard_is_news_the_first_time_and_after_a_silence_alone()
    {
        var heard = await RouterNewsAsync("last_heard_at = '2026-03-02 09:00Z'");
        var heardAgain = await RouterNewsAsync("last_heard_at = '2026-03-02 09:00:10Z'");
        var afterSilence = await RouterNewsAsync("last_heard_at = '2026-03-02 09:13Z'");

        var news = $"routers|{_world.TenantId}|{_router}";
        Assert.Equal([news], heard);
        Assert.Empty(heardAgain);
        Assert.Equal([news], afterSilence);
    }

    [Theory]
    [InlineData("name = 'Market mast'")]
    [InlineData("archived_at = '2026-03-02 09:00Z'")]
    [InlineData("sent_message_authenticator_at = '2026-03-02 09:00Z'")]
    public async Task Whatever_else_changes_of_a_router_is_news(string change)
        => Assert.Single(await RouterNewsAsync(change + ", last_heard_at = '2026-03-02 09:00Z'"));

    [Fact]
    public async Task Very_many_rows_of_one_statement_are_one_announcement_without_ids()
    {
        var news = await NewsOfAsync(Customers(1001));

        Assert.Equal([$"customers|{_world.TenantId}|*"], news);
    }

    [Fact]
    public async Task Many_rows_of_one_statement_are_named_in_several_announcements()
    {
        var news = await NewsOfAsync(Customers(401));

        Assert.Equal([200, 200, 1], news.Select(word => word.Split('|')[2].Split(',').Length));
        Assert.Equal(401, news.SelectMany(word => word.Split('|')[2].Split(',')).Distinct().Count());
    }

    [Fact]
    public async Task Each_tells_by_the_name_of_the_connection_who_did_it()
    {
        var news = await NewsOfAsync("set application_name = 'somebody'; update routers set name = 'Other mast'", keepsName: true);

        Assert.Equal([$"routers|{_world.TenantId}|{_router}|somebody"], news);
    }

    private string Customers(int count) => $"""
        insert into customers (tenant_id, id, number, access_type, name, username, created_at)
        select '{_world.TenantId}', gen_random_uuid(), 1000 + i, 'Hotspot', 'Person ' || i, 'c' || i, now() from generate_series(1, {count}) i
        """;

    private Task<IReadOnlyList<string>> RouterNewsAsync(string change) => NewsOfAsync($"update routers set {change}");

    /// <summary>All that the statement announces: what comes before a word of our own.</summary>
    private async Task<IReadOnlyList<string>> NewsOfAsync(string statement, bool keepsName = false)
    {
        const string end = "that was all";
        var news = new List<string>();
        await using var connection = new NpgsqlConnection(_world.Database.Admin);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        connection.Notification += (_, notification) => news.Add(notification.Payload);
        foreach (var sql in new[] { "listen easyisp", statement, $"notify easyisp, '{end}'" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        while (!news.Contains(end))
            await connection.WaitAsync(TestContext.Current.CancellationToken);
        return [.. news.TakeWhile(word => word != end).Select(word => keepsName ? word : word[..word.LastIndexOf('|')])];
    }
}
