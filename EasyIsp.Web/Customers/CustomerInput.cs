using EasyIsp.Core.Customers;
using EasyIsp.Core.Shared;

namespace EasyIsp.Web.Customers;

/// <summary>What the fields of the form hold.</summary>
public sealed class CustomerInput
{
    public AccessType AccessType { get; set; } = AccessType.Pppoe;
    public string? Name { get; set; }
    public string? Phone { get; set; }
    public string? Email { get; set; }
    public string? Address { get; set; }
    public string? Notes { get; set; }
    public double? Latitude { get; set; }
    public double? Longitude { get; set; }
    public string? Username { get; set; }
    public string? Password { get; set; }

    public static CustomerInput Of(CustomerDraft draft) => new()
    {
        AccessType = draft.AccessType,
        Name = draft.Name,
        Phone = draft.Phone,
        Email = draft.Email,
        Address = draft.Address,
        Notes = draft.Notes,
        Latitude = draft.Latitude,
        Longitude = draft.Longitude,
        Username = draft.Username,
    };

    public CustomerDraft ToDraft() => new(AccessType, Name, Phone, Email, Address, Notes, Latitude, Longitude, Username, Password);
}
