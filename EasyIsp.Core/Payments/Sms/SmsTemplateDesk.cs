using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Payments.Sms;

/// <summary>The tenant's own templates.</summary>
public sealed class SmsTemplateDesk(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    /// <summary>In the order in which they are tried.</summary>
    public async Task<IReadOnlyList<SmsTemplate>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.SmsTemplates.AsNoTracking().OrderBy(t => t.Priority).ThenBy(t => t.Id).ToListAsync(cancellationToken);
    }

    /// <param name="templateId">Null writes a new one.</param>
    /// <returns>What is wrong with it; empty when it is saved.</returns>
    public async Task<IReadOnlyList<SmsTemplateFault>> SaveAsync(Guid? templateId, SmsTemplateDraft draft, CancellationToken cancellationToken)
    {
        if (SmsTemplateRules.FaultsIn(draft) is { Count: > 0 } faults)
            return faults;

        await using var db = await database.OpenAsync(cancellationToken);
        var template = await db.SmsTemplates.SingleOrDefaultAsync(t => t.Id == templateId, cancellationToken);
        if (template is null && await db.SmsTemplates.CountAsync(cancellationToken) >= SmsTemplateRules.MaxTemplates)
            return [SmsTemplateFault.TooMany];

        if (template is null)
            db.SmsTemplates.Add(template = SmsTemplate.Write(db.CurrentTenantId, draft, clock.GetUtcNow()));
        else
            template.Become(draft, clock.GetUtcNow());
        audit.Record(
            db, "sms-template.save", db.CurrentTenantId, new { template.Name, template.Text, template.Sender, Meaning = $"{template.Meaning}", template.Priority });
        await db.CommitAsync(cancellationToken);
        return [];
    }

    /// <summary>Messages that were read by it stay as they were read.</summary>
    public async Task<bool> DeleteAsync(Guid templateId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await db.SmsTemplates.SingleOrDefaultAsync(t => t.Id == templateId, cancellationToken) is not { } template)
            return false;

        db.SmsTemplates.Remove(template);
        audit.Record(db, "sms-template.delete", db.CurrentTenantId, new { template.Name, template.Text });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>What the draft makes of a text, before it is saved.</summary>
    /// <returns>Null while the draft cannot be used.</returns>
    public static SmsReading? Try(SmsTemplateDraft draft, string text)
        => SmsTemplateRules.FaultsInText(draft.Text, draft.Meaning).Any()
            ? null
            : SmsReader.Try(SmsText.Collapse(text), OwnPattern.Compile(templateId: null, draft.Meaning, draft.Sender, draft.Text));
}
