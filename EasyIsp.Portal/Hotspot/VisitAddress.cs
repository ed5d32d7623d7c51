using System.Buffers.Text;
using EasyIsp.Core.Hotspot;

namespace EasyIsp.Portal.Hotspot;

/// <summary>
/// The part of an address that names a visit: its tenant, which is no secret, and its key, which is. With the tenant in
/// it the visit is found under that tenant's policy alone, without a look across tenants.
/// </summary>
internal readonly record struct VisitAddress(Guid TenantId, string Key)
{
    private const int TenantLength = 22;

    /// <returns>Null when it is no address of a visit; whether the visit exists is another question.</returns>
    public static VisitAddress? Parse(string text)
    {
        Span<byte> tenant = stackalloc byte[18];
        if (text.Length != TenantLength + HotspotVisit.KeyLength
            || !Base64Url.IsValid(text.AsSpan(0, TenantLength))
            || !Base64Url.TryDecodeFromChars(text.AsSpan(0, TenantLength), tenant, out var length)
            || length != 16
            || new Guid(tenant[..16]) is var tenantId && tenantId == Guid.Empty)
        {
            return null;
        }

        return new VisitAddress(tenantId, text[TenantLength..]);
    }

    public override string ToString() => Base64Url.EncodeToString(TenantId.ToByteArray()) + Key;
}
