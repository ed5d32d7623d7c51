namespace EasyIsp.Core.Identity;

/// <summary>What a member of staff may do. Pages, buttons, endpoints and jobs ask for these, never for a role's name.</summary>
public enum Permission
{
    CustomersView,
    CustomersManage,
    CustomersRevealPassword,
    PackagesView,
    PackagesManage,
    VouchersView,
    VouchersManage,
    PaymentsView,
    PaymentsManage,

    /// <summary>Writes down cash, cheques and bank deposits, and asks customers to pay.</summary>
    PaymentsRecord,

    /// <summary>Takes back what was so written down.</summary>
    PaymentsReverse,
    /// <summary>Gives money back; over the company's limit asks for it.</summary>
    RefundsMake,

    /// <summary>Approves and declines what another asked for.</summary>
    RefundsApprove,
    SessionsView,
    SessionsDisconnect,
    RoutersView,
    RoutersManage,
    MessagesView,
    ReportsView,
    SettingsManage,

    /// <summary>Invites people, gives them their role, and ends their access.</summary>
    StaffManage,
}
