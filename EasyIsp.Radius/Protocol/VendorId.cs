namespace EasyIsp.Radius.Protocol;

/// <summary>IANA private enterprise numbers, as they stand in Vendor-Specific attributes.</summary>
internal enum VendorId : uint
{
    Microsoft = 311,
    Usr = 429,
    Ascend = 529,
    Redback = 2352,
    Lucent = 4846,
    Starent = 8164,
    Wispr = 14122,
    Mikrotik = 14988,
}
