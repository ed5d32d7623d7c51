using EasyIsp.Core.Auditing;
using EasyIsp.Core.Persistence;
using EasyIsp.Core.Shared;
using Microsoft.EntityFrameworkCore;

namespace EasyIsp.Core.Packages;

/// <summary>
/// What staff do with the price list. Price, duration and data hold for what is sold from now on; speed reaches everybody
/// who has the package at once, devices at the next login.
/// </summary>
public sealed class PackageDesk(IspDatabase database, AuditTrail audit, TimeProvider clock)
{
    public async Task<PackageOutcome> CreateAsync(AccessType accessType, PackageTerms terms, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        if (await FaultAsync(db, terms, cancellationToken) is { } fault)
            return new PackageOutcome.Refused(fault);

        var package = Package.Create(db.CurrentTenantId, accessType, terms, clock.GetUtcNow());
        db.Packages.Add(package);
        audit.Record(db, "package.create", package.Id, DetailsOf(terms));
        await db.CommitAsync(cancellationToken);
        return new PackageOutcome.Saved(package.Id);
    }

    public async Task<PackageInHand?> TakeInHandAsync(Guid packageId, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        return await db.Packages
            .Where(p => p.Id == packageId)
            .Select(p => new PackageInHand(
                p.AccessType,
                new PackageTerms(
                    p.Name, p.Price, p.Duration, p.DownloadKbps, p.UploadKbps, p.DataLimitBytes, p.SimultaneousSessions, p.IsOnPortal,
                    p.AtDataLimit, p.SlowDownloadKbps, p.SlowUploadKbps, p.Access),
                p.ArchivedAt,
                EF.Property<uint>(p, "xmin")))
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <param name="version">Of the <see cref="PackageInHand"/> that the terms began as.</param>
    public async Task<PackageOutcome> ChangeAsync(
        Guid packageId, PackageTerms terms, uint version, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var package = await db.Packages.SingleOrDefaultAsync(p => p.Id == packageId, cancellationToken);
        if (package is null)
            return new PackageOutcome.Gone();
        if (await FaultAsync(db, terms, cancellationToken) is { } fault)
            return new PackageOutcome.Refused(fault);

        db.Entry(package).Property<uint>("xmin").OriginalValue = version;
        package.Change(terms);
        audit.Record(db, "package.change", package.Id, DetailsOf(terms));
        try
        {
            await db.CommitAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new PackageOutcome.ChangedMeanwhile();
        }

        return new PackageOutcome.Saved(packageId);
    }

    /// <summary>No longer sold from now on; whoever has it keeps it to its end.</summary>
    /// <returns>False when there is no such package.</returns>
    public Task<bool> ArchiveAsync(Guid packageId, CancellationToken cancellationToken)
        => ApplyAsync(packageId, "package.archive", package => package.Archive(clock.GetUtcNow()), cancellationToken);

    /// <inheritdoc cref="ArchiveAsync" path="/returns"/>
    public Task<bool> RestoreAsync(Guid packageId, CancellationToken cancellationToken)
        => ApplyAsync(packageId, "package.restore", package => package.Restore(), cancellationToken);

    private async Task<bool> ApplyAsync(Guid packageId, string action, Action<Package> change, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenAsync(cancellationToken);
        var package = await db.Packages.SingleOrDefaultAsync(p => p.Id == packageId, cancellationToken);
        if (package is null)
            return false;

        change(package);
        audit.Record(db, action, package.Id, new { package.Name });
        await db.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The plain terms as they are; of the others those that say something, as the router is told them.</summary>
    private static object DetailsOf(PackageTerms terms)
    {
        var access = terms.Access ?? AccessTerms.Plain;
        return new
        {
            terms.Name,
            terms.Price,
            terms.Duration,
            terms.DownloadKbps,
            terms.UploadKbps,
            terms.DataLimitBytes,
            terms.SimultaneousSessions,
            terms.IsOnPortal,
            AtDataLimit = terms.AtDataLimit.ToString(),
            WhenFull = access.WhenFull.ToString(),
            RateLimit = RateLimit.Of(terms.UploadKbps, terms.DownloadKbps, access),
            access.AddressPool,
            access.AddressList,
            access.VlanId,
            access.IPv6Pool,
            access.DelegatedIPv6Pool,
            Hours = access.Hours?.ToString(),
            Routers = access.RouterIds.Count > 0 ? access.RouterIds : null,
        };
    }

    /// <summary>The terms' own ranges, and a price that the tenant's currency can pay.</summary>
    private static async Task<string?> FaultAsync(IspDbContext db, PackageTerms terms, CancellationToken cancellationToken)
    {
        if (PackageTerms.FaultIn(terms) is { } fault)
            return fault;

        var digits = await db.Tenants.Where(t => t.Id == db.CurrentTenantId).Select(t => t.CurrencyDigits).SingleAsync(cancellationToken);
        return decimal.Round(terms.Price, digits) == terms.Price ? null : nameof(PackageTerms.Price);
    }
}

/// <summary>A package taken out to be edited.</summary>
/// <param name="Version">Changes with every change: who comes back with an old one is told.</param>
public sealed record PackageInHand(AccessType AccessType, PackageTerms Terms, DateTimeOffset? ArchivedAt, uint Version);

public abstract record PackageOutcome
{
    private PackageOutcome() { }

    public sealed record Saved(Guid PackageId) : PackageOutcome;

    /// <param name="Term">The property of <see cref="PackageTerms"/> that is out of range.</param>
    public sealed record Refused(string Term) : PackageOutcome;

    /// <summary>Somebody else changed the package since the terms were taken; nothing was written.</summary>
    public sealed record ChangedMeanwhile : PackageOutcome;

    public sealed record Gone : PackageOutcome;
}
