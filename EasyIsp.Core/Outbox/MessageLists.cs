using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Outbox;

/// <summary>What staff see of messages: who was told what, and what came of it.</summary>
public sealed class MessageLists(IspDatabase database)
{
    public async Task<Page<MessageRow>> ListAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var messages = db.Messages.AsQueryable();
        if (query.State is { } state)
            messages = messages.Where(m => m.State == state);
        if (query.CustomerId is { } customerId)
            messages = messages.Where(m => m.CustomerId == customerId);
        if (!string.IsNullOrWhiteSpace(query.Search))
            messages = await MatchingAsync(db, messages, query.Search.Trim(), cancellationToken);

        var ordered = query.Descending ? messages.OrderByDescending(m => m.Id) : messages.OrderBy(m => m.Id);
        return await ordered
            .Select(m => new MessageRow(
                m.Id, m.Channel, m.Class, m.Recipient, m.Text, m.CustomerId, m.State, m.Tries, m.CreatedAt, m.SentAt, m.NextTryAt, m.Failure))
            .ToPageAsync(query.Page, cancellationToken);
    }

    /// <summary>A whole phone number in any spelling, or a part of the text.</summary>
    private static async Task<IQueryable<Message>> MatchingAsync(
        IspDbContext db, IQueryable<Message> messages, string search, CancellationToken cancellationToken)
    {
        var country = await db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.Country).SingleAsync(cancellationToken);
        if (PhoneNumber.Normalize(search, country) is { } phone)
            return messages.Where(m => m.Recipient == phone);

        var pattern = $"%{Like.Escape(search)}%";
        return messages.Where(m => EF.Functions.ILike(m.Text, pattern, Like.EscapeCharacter));
    }
}

/// <summary>Newest first unless said otherwise.</summary>
/// <param name="Search">A whole phone number, or a part of the text.</param>
public sealed record MessageQuery(
    PageOf Page, MessageState? State = null, string? Search = null, Guid? CustomerId = null, bool Descending = true);

public sealed record MessageRow(
    Guid Id,
    MessageChannel Channel,
    MessageClass Class,
    string Recipient,
    string Text,
    Guid? CustomerId,
    MessageState State,
    int Tries,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SentAt,
    DateTimeOffset NextTryAt,
    string? Failure);
