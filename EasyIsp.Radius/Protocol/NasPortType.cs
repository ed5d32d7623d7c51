namespace EasyIsp.Radius.Protocol;

/// <summary>How the user reaches the NAS (RFC 2865 section 5.41), as far as RouterOS sends it.</summary>
internal enum NasPortType
{
    Async = 0,
    Virtual = 5,
    Ethernet = 15,
    Cable = 17,
    Wireless80211 = 19,
}
