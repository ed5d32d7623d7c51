namespace EasyIsp.Core.Shared;

/// <summary>How a customer is connected; a package is sold for one of them.</summary>
public enum AccessType
{
    Hotspot,
    Pppoe,
}
