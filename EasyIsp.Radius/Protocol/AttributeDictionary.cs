namespace EasyIsp.Radius.Protocol;

/// <summary>Names and kinds of attributes; its tables are made of <c>radius.dictionary</c> at build time.</summary>
internal static partial class AttributeDictionary
{
    /// <returns>Null for an attribute that we do not know.</returns>
    public static AttributeDefinition? Find(AttributeType type) => Standard.GetValueOrDefault((uint)type);

    /// <returns>Null for an attribute, or a vendor, that we do not know.</returns>
    public static AttributeDefinition? Find(VendorId vendor, uint type) => TableOf(vendor)?.GetValueOrDefault(type);
}
