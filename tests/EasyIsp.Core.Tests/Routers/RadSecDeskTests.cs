using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EasyIsp.Core.Routers.RadSec;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class RadSecDeskTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;
    private Guid _router;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        await _world.Services.GetRequiredService<CertificateAuthority>().EnsureAsync(CancellationToken.None);
        _router = await _world.RouterAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_certificate_names_router_and_tenant_and_both_files_open_with_its_passphrase()
    {
        var issued = await IssueAsync();

        using var pkcs12 = X509CertificateLoader.LoadPkcs12Collection(issued.Pkcs12, issued.Passphrase).Single(certificate => certificate.HasPrivateKey);
        using var pem = X509Certificate2.CreateFromEncryptedPem(issued.Pem, issued.Pem, issued.Passphrase);
        Assert.Equal($"CN={_router}, O={_world.TenantId}", pkcs12.Subject);
        Assert.Equal(pkcs12.Thumbprint, pem.Thumbprint);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(await _world.AsTenantAsync<RadSecDesk, string>(desk => Task.FromResult(desk.AuthorityPem()))));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _world.Clock.GetUtcNow().UtcDateTime;
        Assert.True(chain.Build(pkcs12));
        Assert.ThrowsAny<CryptographicException>(() => X509CertificateLoader.LoadPkcs12(issued.Pkcs12, "wrong"));
    }

    [Fact]
    public async Task Nothing_of_the_key_is_kept()
    {
        var issued = await IssueAsync();

        var kept = await _world.ReadAsync(db => db.RouterCertificates.SingleAsync());
        var deeds = await _world.ReadAsync(db => db.AuditEvents.Where(a => a.Action == "router.issue-certificate").SingleAsync());
        Assert.Equal((issued.SerialNumber, issued.ExpiresAt), (kept.SerialNumber, kept.ExpiresAt));
        Assert.DoesNotContain(issued.Passphrase, deeds.Details!.RootElement.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(issued.Passphrase, $"{issued}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_authority_is_made_once()
    {
        var before = await _world.AsTenantAsync<RadSecDesk, string>(desk => Task.FromResult(desk.AuthorityPem()));

        await _world.Services.GetRequiredService<CertificateAuthority>().EnsureAsync(CancellationToken.None);

        var again = new CertificateAuthority(_world.Services.GetRequiredService<Secrets.NamedKeys>(), _world.Clock);
        Assert.Equal(before, again.Certificate.ExportCertificatePem());
    }

    [Fact]
    public async Task Another_tenant_neither_sees_nor_revokes_it()
    {
        await IssueAsync();
        var other = await _world.FoundTenantAsync("mara", "Mara Wireless");
        var id = await _world.ReadAsync(db => db.RouterCertificates.Select(c => c.Id).SingleAsync());

        Assert.Empty(await _world.AsTenantAsync<RadSecDesk, IReadOnlyList<CertificateRow>>(other, desk => desk.ListAsync(_router, CancellationToken.None)));
        Assert.False(await _world.AsTenantAsync<RadSecDesk, bool>(other, desk => desk.RevokeAsync(id, CancellationToken.None)));
        Assert.Null(await _world.AsTenantAsync<RadSecDesk, IssuedCertificate?>(other, desk => desk.IssueAsync(_router, CancellationToken.None)));
        Assert.True(await _world.AsTenantAsync<RadSecDesk, bool>(desk => desk.RevokeAsync(id, CancellationToken.None)));
        Assert.False(await _world.AsTenantAsync<RadSecDesk, bool>(desk => desk.RevokeAsync(id, CancellationToken.None)));
    }

    private async Task<IssuedCertificate> IssueAsync()
        => (await _world.AsTenantAsync<RadSecDesk, IssuedCertificate?>(desk => desk.IssueAsync(_router, CancellationToken.None)))!;
}
